import COpenMPI

/// A call of the MPI library that failed.
public struct MPIError: Error, CustomStringConvertible {
    /// The library's error code.
    public let code: Int32
    /// The call and its purpose, such as "MPI_Isend of 12 bytes to rank 3".
    public let call: String

    /// The call and the library's text for the error.
    public var description: String { "\(call): \(Self.text(of: code))" }

    private static func text(of code: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(MPI_MAX_ERROR_STRING) + 1) { buffer in
            var length: Int32 = 0
            guard MPI_Error_string(code, buffer.baseAddress, &length) == MPI_SUCCESS else { return "MPI error \(code)" }
            buffer[Int(length)] = 0
            return String(cString: buffer.baseAddress!)
        }
    }
}

/// Throws if a call of the library failed: every call that can fail goes through here.
///
/// Errors are seen only with the error handler MPI_ERRORS_RETURN, which ``Environment`` sets.
@inline(__always)
func check(_ code: Int32, _ call: @autoclosure () -> String) throws(MPIError) {
    guard code == MPI_SUCCESS else { throw MPIError(code: code, call: call()) }
}
