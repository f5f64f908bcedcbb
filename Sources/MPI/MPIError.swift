import COpenMPI

/// A call of the MPI library that failed.
public struct MPIError: Error, CustomStringConvertible {
    /// The library's error code.
    public let code: Int32
    /// The call and what it was for.
    public let call: String

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

/// The one gate that every call of the library goes through.
///
/// It sees errors only where the error handler is MPI_ERRORS_RETURN, which ``Environment`` sets.
@inline(__always)
func check(_ code: Int32, _ call: @autoclosure () -> String) throws(MPIError) {
    guard code == MPI_SUCCESS else { throw MPIError(code: code, call: call()) }
}
