internal import Glibc

/// How this process was started, as its environment tells before MPI is in use.
enum Launch {
    /// Whether an MPI launcher started this process: Open MPI's mpirun, or srun with PMIx.
    static var isUnderMPI: Bool { variable("OMPI_COMM_WORLD_SIZE") != nil || variable("PMIX_NAMESPACE") != nil }

    /// Whether this process is, or may be, the one that speaks for the job.
    static var mayBeRankZero: Bool {
        (variable("OMPI_COMM_WORLD_RANK") ?? variable("PMIX_RANK") ?? variable("SLURM_PROCID") ?? "0") == "0"
    }

    /// Several copies that know nothing of each other would all want to write one file.
    ///
    /// - Throws: when srun started more than one task without an MPI plugin.
    static func refuseTasksWithoutMPI() throws(Failure) {
        guard !isUnderMPI, let tasks = variable("SLURM_STEP_NUM_TASKS").flatMap({ Int($0) }), tasks > 1 else { return }
        throw Failure(
            .usage,
            "srun started \(tasks) tasks that cannot reach each other; start them with mpirun in the batch script, "
                + "or with srun --mpi=pmix")
    }

    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// This machine's name.
    static var host: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard gethostname(buffer.baseAddress!, 255) == 0 else { return "unknown" }
            buffer[255] = 0
            return String(cString: buffer.baseAddress!)
        }
    }
}
