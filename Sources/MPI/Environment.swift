import COpenMPI
import Glibc

/// The MPI library, from MPI_Init to MPI_Finalize (MPI 4.0, section 11.2). A process has one, and uses it on one thread.
public struct Environment: ~Copyable {
    /// Starts the library.
    ///
    /// Sets `OMPI_MCA_async_mpi_finalize` unless the user has: without it Open MPI 4.1 waits in MPI_Finalize for ranks
    /// that are no longer alive. Ignores SIGPIPE: Open MPI writes to the connections of such ranks, and leaves the
    /// signal at its default, which would end this process silently.
    public init() throws(MPIError) {
        setenv("OMPI_MCA_async_mpi_finalize", "1", 0)
        signal(SIGPIPE, SIG_IGN)
        var provided: Int32 = 0
        try check(MPI_Init_thread(nil, nil, Int32(MPI_THREAD_FUNNELED), &provided), "MPI_Init_thread")
        try check(MPI_Comm_set_errhandler(shim_comm_world(), shim_errors_return()), "MPI_Comm_set_errhandler")
    }

    deinit { MPI_Finalize() }

    /// Ends use of the library, and reports an error that `deinit` would ignore.
    public consuming func finalize() throws(MPIError) {
        discard self
        try check(MPI_Finalize(), "MPI_Finalize")
    }

    /// All processes that `mpirun` started.
    public var world: Communicator { Communicator(handle: shim_comm_world()) }

    /// The library's name and version in its own words, such as "Open MPI v4.1.4"; available even before it is started
    /// and after it has ended (MPI 4.0, section 8.1.1).
    public static var libraryVersion: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(MPI_MAX_LIBRARY_VERSION_STRING) + 1) { buffer in
            var length: Int32 = 0
            guard MPI_Get_library_version(buffer.baseAddress, &length) == MPI_SUCCESS else { return "unknown MPI" }
            buffer[Int(length)] = 0
            let text = String(cString: buffer.baseAddress!)
            // "Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4, repo rev: ..., May 26, 2022"
            return text.split(separator: ",").first.map(String.init) ?? text
        }
    }
}
