import Foundation
import SystemPackage

/// The files that a rank and its program exchange in the scratch folder.
struct ProgramFolder {
    /// The largest solution that is kept, in bytes.
    static let solutionLimit = 64 << 20

    let path: String
    var requestFile: String { path + "/request.json" }
    var answerFile: String { path + "/answer.json" }
    var parentFile: String { path + "/parent.solution" }

    /// Removes everything in the folder.
    func empty() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
    }

    /// Reads a file that the program has written.
    ///
    /// - Parameters:
    ///   - file: its path.
    ///   - limit: the most bytes that it may have.
    /// - Returns: its bytes; `nil` when there is no such file.
    /// - Throws: when it is not an ordinary file, is too large, or cannot be read.
    func read(_ file: String, limit: Int) throws(ProgramViolation) -> [UInt8]? {
        do {
            // Not blocking: a pipe without a writer must not stall the rank.
            let descriptor = try FileDescriptor.open(file, .readOnly, options: [.closeOnExec, .nonBlocking])
            return try descriptor.closeAfter {
                let status = try descriptor.stat()
                guard status.type == .regular else { throw ProgramViolation("\(file) is not an ordinary file") }
                guard status.size <= limit else {
                    throw ProgramViolation("\(file) has \(status.size) bytes, more than the limit of \(limit)")
                }
                return try [UInt8](unsafeUninitializedCapacity: Int(status.size)) { buffer, count in
                    while count < buffer.count {
                        let rest = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[count...]))
                        let read = try descriptor.read(into: rest)
                        if read == 0 { break }
                        count += read
                    }
                }
            }
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch let violation as ProgramViolation {
            throw violation
        } catch {
            throw ProgramViolation("cannot read \(file): \(error)")
        }
    }

    /// Reads the solution that an answer names, and removes it from the folder.
    ///
    /// - Throws: when it is not a file in the folder, or is empty.
    func takeSolution(_ name: String) throws(ProgramViolation) -> [UInt8] {
        let file = name.hasPrefix("/") ? name : path + "/" + name
        guard file.hasPrefix(path + "/"), !file.split(separator: "/").contains("..") else {
            throw ProgramViolation("the solution '\(name)' is not in the scratch folder")
        }
        guard let bytes = try read(file, limit: Self.solutionLimit), !bytes.isEmpty else {
            throw ProgramViolation("the solution '\(name)' is missing or empty")
        }
        try? FileManager.default.removeItem(atPath: file)
        return bytes
    }
}
