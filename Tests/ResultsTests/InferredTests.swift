internal import Atmospheres
internal import Exploration
internal import Foundation
internal import HDF5
internal import SyntheticWriter
internal import TestSupport
internal import Testing

@testable internal import Results

/// The group `/inferred` is the program's only if the program wrote it.
@Suite struct InferredTests {
    /// A small lattice: a map has a code for each position.
    private static let lattice: Lattice = {
        do {
            return try Lattice(
                axes: [
                    Axis(.co2, values: [1e-4, 2e-4, 3e-4], origin: 1), Axis(.ch4, values: [1e-7, 2e-7], origin: 0),
                ],
                held: SyntheticRun.lattice.held, filler: .n2)
        } catch {
            fatalError("six positions are not too many")
        }
    }()
    private static let schema = Schema(of: SyntheticRun.model, on: lattice)

    private static func makeFile(_ path: String) throws {
        var file = try ResultsFile.create(at: path, schema: schema, metadata: SyntheticRun.metadata)
        var provenance: [Provenance] = []
        var evaluations = Evaluations(of: SyntheticRun.model)
        for row in 0..<3 {
            provenance.append(
                Provenance(
                    row: row, position: lattice[[row, 0]], parentRow: row - 1, generation: Int32(row), attempt: 1,
                    worker: 0))
            evaluations.append(
                UInt32(row), SyntheticRun.evaluation(row), startedAt: SyntheticRun.startedAt(row),
                wallTime: SyntheticRun.wallTime(row))
        }
        try file.append(provenance, evaluations)
        try file.close(.complete)
    }

    private static func map(of path: String) throws -> InferredMap {
        try ResultsReader(at: path).inferredMap(bounds: [], names: [], stride: 1, on: lattice)
    }

    private static func reopen(_ path: String) throws -> ResultsFile {
        try ResultsFile.reopen(
            at: path, expecting: schema, invocation: SyntheticRun.invocation, hosts: ["elsewhere"])
    }

    /// What a user might have called `inferred`.
    enum Foreign: CaseIterable {
        case column, group, groupWithMore
    }

    private static func add(_ foreign: Foreign, to path: String) throws {
        let file = try File(opening: path, .readWrite, try .fileAccess())
        switch foreign {
        case .column:
            let column = try Dataset(
                creating: "inferred", in: file, try Datatype(.float64), try Dataspace([3], growing: true),
                try .datasetCreation(chunk: [1024]))
            try column.attach(try Dataset(opening: "/point", in: file), to: 0)
            try column.write([1.5, 2.5, 3.5])
        case .group:
            let group = try Group(creating: "inferred", in: file)
            try Dataset.create("notes", in: group, text: "mine").close()
        case .groupWithMore:
            let group = try Group(opening: "inferred", in: file)
            try Dataset.create("notes", in: group, text: "mine").close()
        }
        try file.close()
    }

    @Test("What is called inferred and is not the program's map stays, to the byte", arguments: Foreign.allCases)
    func foreign(foreign: Foreign) throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try Self.makeFile(path)
        let map = try Self.map(of: path)
        if foreign == .groupWithMore { try ResultsFile.writeInferred(map, on: Self.lattice, at: path) }
        try Self.add(foreign, to: path)
        let before = try Data(contentsOf: URL(filePath: path))
        let difference = "/inferred is not a map that this program inferred"
        #expect(throws: ResultsError.layoutDiffers(path: path, differences: [difference])) {
            _ = try Self.reopen(path)
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == before, "a refused resume changes nothing")
        #expect(throws: ResultsError.layoutDiffers(path: path, differences: [difference])) {
            try ResultsFile.writeInferred(map, on: Self.lattice, at: path)
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == before, "nor does the end of a refinement")
        #expect(try ResultsReader(at: path).rowCount == 3)
    }

    @Test("The program's map is replaced at the end of a refinement, and removed by a resume")
    func ours() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try Self.makeFile(path)
        #expect(try ResultsReader(at: path).inferredKinds() == nil)
        for _ in 0..<2 { try ResultsFile.writeInferred(try Self.map(of: path), on: Self.lattice, at: path) }
        #expect(try ResultsReader(at: path).inferredKinds() == Self.map(of: path).kinds)
        let file = try Self.reopen(path)
        #expect(file.count == 3)
        try file.close(.partial)
        #expect(try ResultsReader(at: path).inferredKinds() == nil)
    }

    @Test("A resume that is refused for another layout leaves the map, and every byte, in place")
    func refused() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try Self.makeFile(path)
        try ResultsFile.writeInferred(try Self.map(of: path), on: Self.lattice, at: path)
        let before = try Data(contentsOf: URL(filePath: path))
        let model = ModelDescription(
            name: "other", version: "1", references: [], respondsTo: [.co2], quantities: [.surfaceTemperature])
        let error = #expect(throws: ResultsError.self) {
            _ = try ResultsFile.reopen(
                at: path, expecting: Schema(of: model, on: Self.lattice), invocation: SyntheticRun.invocation,
                hosts: ["elsewhere"])
        }
        #expect("\(error as Any)".contains("planetary_albedo"))
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
        #expect(try ResultsReader(at: path).inferredKinds() != nil)
    }

    @Test("Every name in the root group that does not depend on the model is reserved, and the mixing ratios are")
    func reservedNames() throws {
        let own = Set(SyntheticRun.model.quantities.map(\.name) + SyntheticRun.model.profiles.map(\.quantity.name))
        let grids = Set(SyntheticRun.model.profiles.map(\.grid.name))
        for member in SyntheticRun.schema.members(hasInferredMap: true) where member.group == .root {
            let isOwn = own.contains(member.name) || grids.contains(member.name)
            #expect(Schema.isReserved(member.name) != isOwn, "\(member.name)")
        }
        #expect(Schema.reservedNames.isSuperset(of: ["point", "status", "grid_index", "run", "axes", "inferred"]))
        #expect(Schema.isReserved("xe_mixing_ratio") && !Schema.isReserved("mixing_ratio_of_co2"))
    }
}
