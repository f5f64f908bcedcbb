internal import CHDF5
internal import Synchronization

/// HDF5 is as safe for threads as it was built to be; one lock for the process makes that no concern of the callers.
private let gate = {
    // Everything is closed by its owner; what the library does at exit after a full disk is to loop and complain.
    _ = H5dont_atexit()
    return GateLock()
}()

/// A lock that may be made by an expression: a `Mutex` is not copyable.
private final class GateLock: Sendable {
    private let mutex = Mutex<Void>(())

    func withLock<R>(_ body: () -> R) -> R {
        mutex.withLock { _ in body() }
    }
}

/// Calls the library: the one place where results are checked.
///
/// - Parameters:
///   - action: what is being done to what; made into text only when the call fails.
///   - body: one call, negative on failure (HDF5 Reference Manual, "herr_t").
@discardableResult
func call<Code: SignedInteger & Sendable>(
    _ action: @autoclosure () -> String, _ body: () -> Code
) throws(HDF5Error) -> Code {
    var words: [String] = []
    let code = gate.withLock {
        let code = body()
        if code < 0 { words = errorStack() }
        return code
    }
    guard code >= 0 else { throw HDF5Error(.library, action(), words) }
    return code
}

/// Stops the library from printing its error stack, which ``HDF5Error`` carries instead. The setting belongs to the
/// calling thread, so everything that opens or creates a file does this first.
func quietLibrary() {
    gate.withLock { _ = H5Eset_auto2(hdf5_error_stack(), nil, nil) }
}

/// The descriptions on the calling thread's error stack, each once, the outermost call first.
private func errorStack() -> [String] {
    var words: [String] = []
    withUnsafeMutablePointer(to: &words) { words in
        _ = H5Ewalk2(
            hdf5_error_stack(), H5E_WALK_DOWNWARD,
            { _, entry, words in
                guard let entry, let words, let text = entry.pointee.desc else { return 0 }
                let list = words.assumingMemoryBound(to: [String].self)
                let word = String(cString: text)
                if !list.pointee.contains(word) { list.pointee.append(word) }
                return 0
            }, words)
    }
    return words
}

/// Sole owner of an identifier of the library.
struct Handle: ~Copyable {
    enum Kind {
        case file, group, dataset, dataspace, datatype, attribute, propertyList
    }

    let id: hid_t
    let kind: Kind

    init(_ id: hid_t, _ kind: Kind) {
        self.id = id
        self.kind = kind
    }

    /// Gives the identifier back and reports what `deinit` has to swallow.
    consuming func close(_ action: @autoclosure () -> String) throws(HDF5Error) {
        let (id, kind) = (self.id, self.kind)
        discard self
        try call(action()) { Self.release(id, kind) }
    }

    private static func release(_ id: hid_t, _ kind: Kind) -> herr_t {
        switch kind {
        case .file: H5Fclose(id)
        case .group: H5Gclose(id)
        case .dataset: H5Dclose(id)
        case .dataspace: H5Sclose(id)
        case .datatype: H5Tclose(id)
        case .attribute: H5Aclose(id)
        case .propertyList: H5Pclose(id)
        }
    }

    deinit {
        let (id, kind) = (self.id, self.kind)
        gate.withLock { _ = Self.release(id, kind) }
    }
}
