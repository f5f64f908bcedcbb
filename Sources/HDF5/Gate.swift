internal import CHDF5
internal import Synchronization

/// The lock under which every call to the library is made: whether HDF5 is safe for threads depends on how it was built,
/// and callers need not know.
private let gate = {
    // Everything is closed by its owner, and after a full disk the library's own exit handler loops and complains.
    _ = H5dont_atexit()
    return GateLock()
}()

/// A lock that an expression can create; a `Mutex` is not copyable.
private final class GateLock: Sendable {
    private let mutex = Mutex<Void>(())

    func withLock<R>(_ body: () -> R) -> R {
        mutex.withLock { _ in body() }
    }
}

/// Calls the library: the only place where its results are checked.
///
/// - Parameters:
///   - action: what is being done to what; evaluated only when the call fails.
///   - body: one call, negative on failure (HDF5 Reference Manual, "herr_t").
/// - Returns: what the call returns.
/// - Throws: `HDF5Error` of kind `library`.
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

/// Reads a name whose length the library returns when it is given no buffer.
///
/// - Parameters:
///   - action: what is being done to what; evaluated only when a call fails.
///   - read: one call that fills the buffer, or returns the length of the text when there is none.
/// - Returns: the name.
/// - Throws: `HDF5Error` of kind `library`.
func readName(
    _ action: @autoclosure () -> String, _ read: (UnsafeMutablePointer<CChar>?, Int) -> Int
) throws(HDF5Error) -> String {
    let length = try call(action()) { read(nil, 0) }
    var bytes = [CChar](repeating: 0, count: length + 1)
    try call(action()) { read(&bytes, bytes.count) }
    return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Stops the library from printing its error stack, which ``HDF5Error`` carries instead. The setting belongs to the
/// calling thread, so everything that opens or creates a file does this first.
func quietLibrary() {
    gate.withLock { _ = H5Eset_auto2(hdf5_error_stack(), nil, nil) }
}

/// Returns the descriptions on the calling thread's error stack, each once, the outermost call first.
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

/// The sole owner of an identifier of the library.
struct Handle: ~Copyable {
    /// What an identifier identifies, and so how it is released.
    enum Resource {
        case file, group, dataset, dataspace, datatype, attribute, propertyList, object
    }

    let id: hid_t
    let resource: Resource

    init(_ id: hid_t, _ resource: Resource) {
        self.id = id
        self.resource = resource
    }

    /// Releases the identifier and reports the error that `deinit` has to ignore.
    consuming func close(_ action: @autoclosure () -> String) throws(HDF5Error) {
        let (id, resource) = (self.id, self.resource)
        discard self
        try call(action()) { Self.release(id, resource) }
    }

    private static func release(_ id: hid_t, _ resource: Resource) -> herr_t {
        switch resource {
        case .file: H5Fclose(id)
        case .group: H5Gclose(id)
        case .dataset: H5Dclose(id)
        case .dataspace: H5Sclose(id)
        case .datatype: H5Tclose(id)
        case .attribute: H5Aclose(id)
        case .propertyList: H5Pclose(id)
        case .object: H5Oclose(id)
        }
    }

    deinit {
        let (id, resource) = (self.id, self.resource)
        gate.withLock { _ = Self.release(id, resource) }
    }
}
