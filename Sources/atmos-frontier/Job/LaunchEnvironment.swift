internal import Glibc

/// How this process was started, read from the environment before MPI is initialized.
enum LaunchEnvironment {
    /// Whether an MPI launcher started this process: Open MPI's mpirun, or srun with PMIx.
    static var isUnderMPI: Bool { variable("OMPI_COMM_WORLD_SIZE") != nil || variable("PMIX_NAMESPACE") != nil }

    /// Whether this process is rank 0, or may be: only that rank prints messages for the job.
    static var mayBeRankZero: Bool {
        (variable("OMPI_COMM_WORLD_RANK") ?? variable("PMIX_RANK") ?? variable("SLURM_PROCID") ?? "0") == "0"
    }

    /// Refuses to run as several independent copies, which would all write the same file.
    ///
    /// - Throws: `Failure` with exit code 64 when srun started more than one task without an MPI plugin.
    static func refuseTasksWithoutMPI() throws(Failure) {
        guard !isUnderMPI, let tasks = variable("SLURM_STEP_NUM_TASKS").flatMap({ Int($0) }), tasks > 1 else { return }
        throw Failure(
            .usage,
            "srun started \(tasks) tasks that cannot communicate; start them with mpirun in the batch script, "
                + "or with srun --mpi=pmix")
    }

    /// The value of an environment variable; `nil` when it is not set.
    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
