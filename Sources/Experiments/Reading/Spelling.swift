/// Returns the word of `candidates` that `word` is most likely a misspelling of; `nil` when none is near.
///
/// Near means that at most a third of the letters are wrong; two always may be. Case is ignored.
func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let limit = max(2, word.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in candidates {
        let distance = editDistance(word.lowercased(), candidate.lowercased())
        if distance <= limit, distance < candidate.count, distance < best?.distance ?? .max {
            best = (candidate, distance)
        }
    }
    return best?.word
}

/// Returns the number of letters to insert, delete, replace or swap with their neighbour to get from `a` to `b` (optimal
/// string alignment distance).
func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a.unicodeScalars.prefix(64))
    let b = Array(b.unicodeScalars.prefix(64))
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var distance = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { distance = min(distance, beforeLast[j - 1] + 1) }
            row.append(distance)
        }
        beforeLast = last
        last = row
    }
    return last[b.count]
}

/// Returns "did you mean 'word'? ", or nothing without a word.
func suggestion(of word: String?) -> String { word.map { "did you mean '\($0)'? " } ?? "" }

extension String {
    /// Returns "did you mean 'x'? " with the nearest candidate, or nothing when none is near.
    package func suggestion(among candidates: some Sequence<String>) -> String {
        Experiments.suggestion(of: nearest(to: self, among: candidates))
    }
}
