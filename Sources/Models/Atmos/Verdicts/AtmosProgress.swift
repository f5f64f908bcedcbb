/// What a program has reported so far, parsed line by line while it runs.
protocol AtmosProgress {
    /// The program's output, split into lines.
    var lines: AtmosOutputLines { get set }

    /// Parses a line of either stream.
    mutating func read(_ line: ArraySlice<UInt8>)
}

extension AtmosProgress {
    /// Reads a piece of one of the program's streams, which may begin and end within a line.
    mutating func receive(_ bytes: some Sequence<UInt8>, from stream: AtmosProcess.Stream = .output) {
        lines[stream].append(bytes)
        while let line = lines[stream].next() { read(line[...]) }
    }

    /// Reads what follows the last line break of each stream, once the program has ended.
    mutating func finish() {
        for stream in AtmosProcess.Stream.allCases {
            if let line = lines[stream].takeUnfinishedLine() { read(line[...]) }
        }
    }
}

/// The lines of a program's two output streams.
struct AtmosOutputLines: Sendable {
    /// The number of bytes of a line that are read; the messages that matter are much shorter.
    static let longestLine = 4096

    private var output = LineBuffer(longestLine: longestLine)
    private var errors = LineBuffer(longestLine: longestLine)

    /// The lines of a stream.
    subscript(stream: AtmosProcess.Stream) -> LineBuffer {
        get { stream == .output ? output : errors }
        _modify {
            switch stream {
            case .output: yield &output
            case .errors: yield &errors
            }
        }
    }
}
