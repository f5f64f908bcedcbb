import COpenMPI

/// A group of processes that send to each other by rank (MPI 4.0, section 7).
public struct Communicator {
    let handle: MPI_Comm

    public var rank: Int {
        get throws(MPIError) {
            var rank: Int32 = 0
            try check(MPI_Comm_rank(handle, &rank), "MPI_Comm_rank")
            return Int(rank)
        }
    }

    public var size: Int {
        get throws(MPIError) {
            var size: Int32 = 0
            try check(MPI_Comm_size(handle, &size), "MPI_Comm_size")
            return Int(size)
        }
    }

    /// The next message with `tag` that has arrived from `rank`, taken out of the queue; `nil` when there is none
    /// (MPI 4.0, section 3.8.2).
    public func arrived(from rank: Int, tag: Int32) throws(MPIError) -> Arrival? {
        var flag: Int32 = 0
        var message = shim_message_null()
        var status = MPI_Status()
        try check(
            MPI_Improbe(Int32(rank), tag, handle, &flag, &message, &status), "MPI_Improbe")
        guard flag != 0 else { return nil }
        var count: Int32 = 0
        try check(MPI_Get_count(&status, shim_byte(), &count), "MPI_Get_count")
        return Arrival(message: message, count: Int(count))
    }

    /// Ends every process of the group with `code` (MPI 4.0, section 9.7).
    public func abort(_ code: Int32) -> Never {
        MPI_Abort(handle, code)
        fatalError("MPI_Abort returned")
    }
}

/// A message that has arrived and waits to be received.
public struct Arrival: ~Copyable {
    private var message: MPI_Message?
    /// Bytes.
    public let count: Int

    init(message: MPI_Message?, count: Int) {
        self.message = message
        self.count = count
    }

    /// Receives the message without waiting for it (MPI 4.0, section 3.8.3).
    ///
    /// - Returns: the message on its way, which fills `buffer` until it is done.
    /// - Precondition: `buffer` has room for ``count`` bytes.
    public consuming func receive(into buffer: UnsafeMutableRawBufferPointer) throws(MPIError) -> Receiving {
        precondition(buffer.count >= count, "the buffer holds the message")
        var request = shim_request_null()
        try check(MPI_Imrecv(buffer.baseAddress, Int32(count), shim_byte(), &message, &request), "MPI_Imrecv")
        return Receiving(request: request)
    }
}

/// A message on its way in.
///
/// A large message counts as arrived when its first part has; the sender's process is asked for the rest, and when it
/// has died meanwhile the rest never comes, without an error. So nothing waits for it.
public struct Receiving {
    private var request: MPI_Request?

    init(request: MPI_Request?) { self.request = request }

    /// Whether all bytes are there (MPI 4.0, section 3.7.3).
    public mutating func isDone() throws(MPIError) -> Bool {
        var flag: Int32 = 0
        try check(MPI_Test(&request, &flag, shim_status_ignore()), "MPI_Test")
        return flag != 0
    }
}
