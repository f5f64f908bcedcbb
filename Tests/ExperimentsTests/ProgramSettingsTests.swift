import Atmospheres
import Experiments
import Exploration
import Models
import Testing

/// An experiment with a program, on lines that the tests name.
private let program = """
    title: A test
    origin: {CO2: 400 ppm, O2: 0.21}
    filler: N2
    axes: {CO2: {values: [400 ppm, 500 ppm]}}
    model:
      name: program
      command: [apptainer, exec, --bind, "{scratch}", model.sif, 7]
      mode: resident
      environment: {DATA: /data, LEVEL: 3}
      working_directory: ../run
      time_limit: 2 h
      start_limit: 30 s
      cpus: 4
      warm_start: true
      version: "2.1"
      references: [First 2020]
      responds_to: [CO2, O2]
      outputs:
        surface_temperature: K
        albedo: {unit: "1", long_name: planetary albedo, standard_name: planetary_albedo, comment: Clear sky.}
      profiles:
        air_temperature: {unit: K, levels: 40}
        pressure: {unit: Pa, levels: 40, standard_name: air_pressure}
        co2_flux: {unit: s-1, levels: 200, grid: layer}
      reasons: [too_hot, too_cold]
    """

@Suite struct ProgramSettingsTests {
    private func settings(_ text: String) throws -> ProgramSettings {
        try #require(try read(text).model as? ProgramSettings)
    }

    @Test("Every setting is read") func all() throws {
        let settings = try settings(program)
        #expect(settings.command == ["apptainer", "exec", "--bind", "{scratch}", "model.sif", "7"])
        #expect(settings.mode == .resident)
        #expect(settings.environment == ["DATA": "/data", "LEVEL": "3"])
        #expect(settings.workingDirectory == "../run")
        #expect((settings.timeLimit, settings.startLimit) == (7200, 30))
        #expect(settings.cpus == 4)
        #expect(settings.usesParent)
        #expect(settings.version == "2.1")
        #expect(settings.references == ["First 2020"])
        #expect(settings.respondsTo == [.co2, .o2])
        #expect(settings.outputs[0] == .surfaceTemperature)
        #expect(
            settings.outputs[1]
                == Quantity(
                    "albedo", "1", "planetary albedo", standardName: "planetary_albedo", comment: "Clear sky."))
        #expect(settings.profiles.map(\.quantity.name) == ["air_temperature", "pressure", "co2_flux"])
        #expect(settings.profiles.map(\.quantity.unit) == ["K", "Pa", "s-1"])
        #expect(settings.profiles.map(\.grid.name) == ["level", "level", "layer"])
        #expect(settings.profiles.map(\.grid.count) == [40, 40, 200])
        #expect(settings.reasons == ["too_hot", "too_cold"])
        #expect(try read(program).limits.isEmpty)
    }

    @Test("A command and an output are enough") func least() throws {
        let settings = try settings(
            """
            title: A test
            origin: {CO2: 400 ppm}
            axes: {CO2: {values: [400 ppm, 500 ppm]}}
            model: {name: program, command: [./model], outputs: {x: K}}
            """)
        #expect(settings.mode == .resident)
        #expect(!settings.usesParent)
        #expect((settings.timeLimit, settings.startLimit, settings.cpus) == (600, 60, 1))
        #expect(settings.respondsTo == nil)
    }

    @Test("A run resumes with other time limits, but with nothing else changed") func identity() throws {
        let identity = try read(program).identity
        for change in [("2 h", "3 h"), ("30 s", "40 s"), ("cpus: 4", "cpus: 5")] {
            #expect(try read(program.with(change.1, for: change.0)).identity == identity)
        }
        for change in [
            ("model.sif", "other.sif"), ("/data,", "/date,"), ("../run", "../ran"),
            ("warm_start: true", "warm_start: false"),
            ("2.1", "2.2"), ("resident", "one-shot\n  #"), ("too_cold", "cold"), ("levels: 200", "levels: 201"),
        ] {
            // The one-shot mode has no start limit.
            let text = program.with(change.1, for: change.0)
            let changed = change.0 == "resident" ? text.with("", for: "  start_limit: 30 s\n") : text
            #expect(try read(changed).identity != identity, "\(change)")
        }
    }

    @Test(
        "A mistake is reported with its line and what to do",
        arguments: [
            ("  comand: [a]", "  command: [apptainer, exec, --bind, \"{scratch}\", model.sif, 7]", 7, ["'command'"]),
            (
                "command: python3 model.py", "command: [apptainer, exec, --bind, \"{scratch}\", model.sif, 7]", 7,
                ["as a list"]
            ),
            ("command: []", "command: [apptainer, exec, --bind, \"{scratch}\", model.sif, 7]", 7, ["empty list"]),
            ("mode: oneshot", "mode: resident", 8, ["did you mean 'one-shot'?", "resident, one-shot"]),
            ("mode: one-shot", "mode: resident", 12, ["start_limit is for 'mode: resident'"]),
            ("environment: [DATA]", "environment: {DATA: /data, LEVEL: 3}", 9, ["is not a mapping"]),
            ("{A=B: /data}", "{DATA: /data, LEVEL: 3}", 9, ["not the name of a variable"]),
            ("time_limit: 2", "time_limit: 2 h", 11, ["without a unit", "min"]),
            ("time_limit: 0 s", "time_limit: 2 h", 11, ["more than 0.0 s"]),
            ("cpus: 0", "cpus: 4", 13, ["from 1 to 1024"]),
            ("warm_start: yes", "warm_start: true", 14, ["is 'yes'; write true or false"]),
            ("[CO2, CH5]", "[CO2, O2]", 17, ["unknown gas 'CH5'"]),
            ("    surface_temperature:", "    surface_temperature: K", 19, ["is empty"]),
            ("    x: degC", "    surface_temperature: K", 19, ["is in 'degC'", "kept in 'K'"]),
            ("{unit: hPa, levels: 40, standard_name", "{unit: Pa, levels: 40, standard_name", 23, ["kept in 'Pa'"]),
            ("    Surface: K", "    surface_temperature: K", 19, ["the name 'Surface'", "lower case"]),
            ("    status: K", "    surface_temperature: K", 19, ["'status'", "needs itself"]),
            ("    inferred: {unit: K}", "    surface_temperature: K", 19, ["'inferred'", "needs itself"]),
            ("inferred: {unit: K, levels: 40}", "air_temperature: {unit: K, levels: 40}", 22, ["needs itself"]),
            ("grid: status}", "grid: layer}", 24, ["'status'", "needs itself"]),
            ("    level: K", "    surface_temperature: K", 22, ["grid 'level'"]),
            (
                "{long_name: planetary albedo}",
                "{unit: \"1\", long_name: planetary albedo, standard_name: planetary_albedo, comment: Clear sky.}", 20,
                ["has no 'unit'"]
            ),
            (
                "{unt: \"1\"}",
                "{unit: \"1\", long_name: planetary albedo, standard_name: planetary_albedo, comment: Clear sky.}", 20,
                ["did you mean 'unit'?"]
            ),
            ("air_temperature: K", "air_temperature: {unit: K, levels: 40}", 22, ["is not a mapping"]),
            ("{unit: K}", "{unit: K, levels: 40}", 22, ["has no 'levels'"]),
            ("{unit: K, levels: 41}", "{unit: K, levels: 40}", 23, ["has 40 levels, and the grid 'level' has 41"]),
            (
                "albedo: {unit: \"1\", levels: 2}", "co2_flux: {unit: s-1, levels: 200, grid: layer}", 24,
                ["name of an output"]
            ),
            ("[too hot]", "[too_hot, too_cold]", 25, ["'too hot'", "underscores"]),
            ("[too_hot, too_hot]", "[too_hot, too_cold]", 25, ["is a reason already"]),
            ("[frozen]", "[too_hot, too_cold]", 25, ["is a reason already"]),
        ])
    func mistakes(new: String, old: String, line: Int, says: [String]) throws {
        let error = try #require(mistake(in: program.with(new, for: old)))
        #expect(error.location.line == line, "\(error)")
        for text in says { #expect("\(error)".contains(text), "\(error)") }
    }

    @Test("The name of the model alone, or without outputs, is not enough") func tooLittle() {
        let start = "title: A\norigin: {CO2: 0.1}\naxes: {CO2: {values: [0.1, 0.2]}}\n"
        #expect(
            "\(mistake(in: start + "model: program")!)".contains(
                "is 'program' alone, without its 'command'; write {name: program, command: ...}"))
        #expect("\(mistake(in: start + "model: {name: program, command: [a]}")!)".contains("has no 'outputs'"))
        #expect("\(mistake(in: start + "model: {name: program, outputs: {x: K}}")!)".contains("has no 'command'"))
    }
}

@Suite struct NamedPointTests {
    @Test("Named gases are as named, the others as at the origin, and the filler is what is left") func named()
        throws
    {
        let experiment = try read(program)
        let point = try experiment.composition(at: "CO2=500 ppm", option: "--at")
        #expect(point.mixingRatios == [5e-4, 0.21, 1 - 0.2105])
        #expect(experiment.nearestIndices(to: point) == [1])
        let both = try experiment.composition(at: " O2 = 20 % , CO2=1e-5", option: "--at")
        #expect(both[.co2] == 1e-5 && both[.o2] == 0.2)
        #expect(experiment.nearestIndices(to: both) == [0])
        let origin = try experiment.composition(at: "origin", option: "--at")
        #expect(origin == experiment.lattice.composition(of: experiment.lattice.origin))
    }

    @Test(
        "A mistake names the option and what to do",
        arguments: [
            ("CO2", "expected GAS=RATIO, found 'CO2'"), ("CO2=", "expected GAS=RATIO, found 'CO2='"),
            ("CO2=1.5", "between 0 and 1"),
            ("C02=0.1", "did you mean 'CO2'?"), ("CH4=0.1", "CH4 is not in 'origin'"), ("N2=0.5", "N2 is the filler"),
            ("CO2=0.9", "add up to 1.1"), ("CO2=1 bar", "unknown unit 'bar'"),
        ])
    func mistakes(text: String, says: String) throws {
        let experiment = try read(program)
        let error = #expect(throws: ExperimentError.self) { try experiment.composition(at: text, option: "--at") }
        #expect("\(error!)".hasPrefix("--at"), "\(error!)")
        #expect("\(error!)".contains(says), "\(error!)")
    }
}
