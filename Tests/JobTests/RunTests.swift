import Atmospheres
import Foundation
import Results
import TestSupport
import Testing

@testable import atmos_frontier

/// Whole jobs, as in the README.
@Suite("A run", .serialized)
struct RunTests {
    @Test("Any number of ranks, with or without mpirun, gives the same points to the last bit")
    func independentOfRanks() throws {
        let scratch = try Scratch()
        let words = ["run", Program.example("earthlike-2d"), "--output"]
        let alone = try run([Products.program] + words + ["alone.h5"], in: scratch)
        #expect(alone.status == 0, "\(alone.errors)")
        let reference = try findings(in: scratch.path("alone.h5"))
        #expect(reference.count > 3000)
        for ranks in [1, 2, 3, 8] {
            let ended = try run(Program.mpirun(ranks) + [Products.program] + words + ["\(ranks).h5"], in: scratch)
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(try findings(in: scratch.path("\(ranks).h5")) == reference, "\(ranks) ranks")
            let reader = try ResultsReader(at: scratch.path("\(ranks).h5"))
            #expect(reader.condition == .closed(.complete))
            #expect(Set(try reader.workers()) == (ranks == 1 ? [0] : Set(try reader.workers()).subtracting([0])))
        }
    }

    @Test("A job may have more ranks than points")
    func moreRanksThanPoints() throws {
        let scratch = try Scratch()
        let experiment = try scratch.write(
            "few.yaml",
            """
            title: Three points
            origin: {CO2: 400 ppm}
            filler: N2
            axes: {CO2: {values: [300 ppm, 400 ppm, 500 ppm]}}
            model: energy-balance
            """)
        let ended = try run(Program.mpirun(6) + [Products.program, "run", experiment, "-o", "few.h5"], in: scratch)
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(try findings(in: scratch.path("few.h5")).count == 3)
    }

    @Test("The summary has counts, range, ranks, rate, file and how to open it")
    func summary() throws {
        let scratch = try Scratch()
        let ended = try run(
            Program.mpirun(3) + [Products.program, "run", Program.example("earthlike-2d"), "-o", "a.h5"], in: scratch)
        let reader = try ResultsReader(at: scratch.path("a.h5"))
        let counts = reader.countsByOutcome()
        for text in [
            "points    \(reader.rows.count): \(counts[.stable] ?? 0) stable, \(counts[.unstable] ?? 0) unstable",
            "K where stable", "on 3 ranks", "points/s", "a.h5", "xr.open_dataset('a.h5')",
        ] { #expect(ended.output.contains(text), "\(text) in \(ended.output)") }
        #expect(!ended.errors.contains("\r"), "a log has whole lines")
    }

    @Test(
        "Every reader opens the file, and the temperature at the origin is right",
        .enabled(if: Products.python != nil, "ATMOS_FRONTIER_PYTHON is not set: run jobs/test"))
    func readers() throws {
        let scratch = try Scratch()
        let ended = try run(
            Program.mpirun(2) + [Products.program, "run", Program.example("earthlike-2d"), "-o", "a.h5"], in: scratch)
        #expect(ended.status == 0, "\(ended.errors)")
        let script = try scratch.write(
            "read.py",
            """
            import h5py, xarray as xr
            for engine in ("h5netcdf", "netcdf4"):
                ds = xr.open_dataset("a.h5", engine=engine)
                assert ds.surface_temperature.units == "K" and ds.co2_mixing_ratio.units == "1"
                assert ds.status.dtype == "int8" and (ds.status > 0).all()
                origin = ds.isel(point=0)
                assert abs(float(origin.surface_temperature) - 288.04) < 0.02, origin
                warm = ds.where((ds.co2_mixing_ratio == 0.01) & (ds.ch4_mixing_ratio == 1.63e-6), drop=True)
                assert warm.sizes["point"] == 1
                assert abs(float(warm.surface_temperature[0]) - 304.16) < 0.02, warm
                run = xr.open_dataset("a.h5", engine=engine, group="run")
                assert int(run.parent[0]) == -1 and (run.parent[1:] >= 0).all()
                assert (run.finished_at >= run.started_at).all()
            with h5py.File("a.h5") as f:
                assert f.attrs["completion"].decode() == "complete"
                assert f["run/experiment_file"].asstr()[()] == open("\(Program.example("earthlike-2d"))").read()
            print("read", ds.sizes["point"])
            """)
        let read = try run([try #require(Products.python), script], in: scratch)
        #expect(read.status == 0 && read.output.hasPrefix("read "), "\(read.errors)")
        let dumped = try run(["ncdump", "-h", "a.h5"], in: scratch)
        #expect(dumped.status == 0 && dumped.output.contains("surface_temperature:units = \"K\""))
    }

    @Test(
        "During a run h5py sees the number of points grow",
        .enabled(if: Products.python != nil, "ATMOS_FRONTIER_PYTHON is not set: run jobs/test"))
    func live() throws {
        let scratch = try Scratch()
        let running = try Running(
            Program.mpirun(2) + [Products.program, "run", Program.example("pyatmos-5gas"), "-o", "live.h5"], in: scratch
        )
        try running.wait { FileManager.default.fileExists(atPath: scratch.path("live.h5")) }
        let script = try scratch.write(
            "watch.py",
            """
            import h5py, numpy as np, time
            looks = []
            with h5py.File("live.h5", "r", libver="latest", swmr=True) as f:
                status, temperature = f["status"], f["surface_temperature"]
                end = time.time() + 30
                while time.time() < end and len(set(looks)) < 4:
                    status.refresh()
                    settled = np.flatnonzero(status[:] == 1)
                    temperature.refresh()
                    assert np.isfinite(temperature[:][settled]).all()
                    looks.append(len(settled))
                    time.sleep(0.1)
            assert looks == sorted(looks) and len(set(looks)) >= 4, looks
            print("grew", looks[0], looks[-1])
            """)
        let watched = try run([try #require(Products.python), script], in: scratch)
        #expect(watched.status == 0 && watched.output.hasPrefix("grew "), "\(watched.errors)")
        let ended = try running.end()
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(try ResultsReader(at: scratch.path("live.h5")).rows.count == 124_314)
    }

    @Test("check prints the lattice of the PyATMOS grid and the gases that have no effect")
    func check() throws {
        let scratch = try Scratch()
        let ended = try run([Products.program, "check", Program.example("pyatmos-5gas")], in: scratch)
        #expect(ended.status == 0)
        for text in [
            "100 x 100 x 201 x 101 x 201 = 40805010000 points", "O2, H2O, H2: without effect", "bytes per point",
        ] {
            #expect(ended.output.contains(text), "\(ended.output)")
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).count == 2, "nothing is written")
    }

    @Test("The version names program, commit and libraries", arguments: ["--version", "--build-info"])
    func version(option: String) throws {
        let ended = try run([Products.program, option], in: try Scratch())
        #expect(ended.status == 0)
        for text in ["atmos-frontier 0.", "Swift", "Open MPI v", "HDF5"] { #expect(ended.output.contains(text)) }
    }

    @Test("Help shows examples and exit codes", arguments: [["--help"], ["run", "--help"], ["check", "--help"]])
    func help(words: [String]) throws {
        let ended = try run([Products.program] + words, in: try Scratch())
        #expect(ended.status == 0)
        #expect(ended.output.contains("EXAMPLE"))
    }

    @Test("The program's help lists every exit code, and 1 with both of its meanings")
    func exitCodes() throws {
        let help = try run([Products.program, "--help"], in: try Scratch()).output
        let list = try #require(help.components(separatedBy: "EXIT CODES\n").dropFirst().first)
        let lines = list.components(separatedBy: "\n\n")[0].split(separator: "\n")
        #expect(lines.map { Int32($0.split(separator: " ")[0]) } == Exit.allCases.map(\.rawValue))
        let negative = try #require(lines.first { $0.hasPrefix("   1  ") })
        #expect(negative.contains("'compare'") && negative.contains("'try'"))
    }

    @Test(
        "Paragraphs of a help text are wrapped at the terminal's width, and examples fit into 80 columns",
        arguments: ["", "run", "check", "try", "status", "map", "snapshot", "archive", "export", "compare", "schema"])
    func helpWidth(command: String) throws {
        let words = [Products.program] + (command.isEmpty ? [] : [command]) + ["--help"]
        func paragraphs(columns: Int) throws -> [String] {
            let ended = try run(["env", "COLUMNS=\(columns)"] + words, in: try Scratch())
            #expect(ended.status == 0)
            return ended.output.components(separatedBy: "USAGE:")[0].components(separatedBy: "\n\n")
        }
        for (wide, narrow) in zip(try paragraphs(columns: 2000), try paragraphs(columns: 80)) {
            if wide.hasPrefix("EXAMPLE") || wide.hasPrefix("EXIT CODES") {
                #expect(wide == narrow, "an example is broken in a terminal of 80 columns")
            } else {
                #expect(wide.split(separator: "\n").count <= 1, "a paragraph is wrapped by hand")
            }
        }
    }
}
