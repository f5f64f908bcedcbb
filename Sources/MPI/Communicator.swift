import COpenMPI

/// A group of processes that send messages to each other by rank (MPI 4.0, section 7).
public struct Communicator {
    let handle: MPI_Comm

    /// The rank of this process.
    public var rank: Int {
        get throws(MPIError) {
            var rank: Int32 = 0
            try check(MPI_Comm_rank(handle, &rank), "MPI_Comm_rank")
            return Int(rank)
        }
    }

    /// The number of processes.
    public var size: Int {
        get throws(MPIError) {
            var size: Int32 = 0
            try check(MPI_Comm_size(handle, &size), "MPI_Comm_size")
            return Int(size)
        }
    }

    /// Begins to receive the next message with `tag` that has arrived from `rank`; returns `nil` if there is none
    /// (MPI 4.0, section 3.8.2).
    ///
    /// Finding the message and starting to receive it is one step, so that no message can be taken out of the library's
    /// queue and then be forgotten.
    public func receive(from rank: Int, tag: Int32) throws(MPIError) -> IncomingMessage? {
        var flag: Int32 = 0
        var message = shim_message_null()
        var status = MPI_Status()
        try check(
            MPI_Improbe(Int32(rank), tag, handle, &flag, &message, &status),
            "MPI_Improbe for a message from rank \(rank)")
        guard flag != 0 else { return nil }
        var count: Int32 = 0
        try check(MPI_Get_count(&status, shim_byte(), &count), "MPI_Get_count")
        return try IncomingMessage(receiving: &message, byteCount: Int(count), from: rank)
    }
}
