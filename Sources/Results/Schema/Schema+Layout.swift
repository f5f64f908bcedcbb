internal import Atmospheres
internal import HDF5

// The schema in a file: laid down when it is made, compared when it is continued.
extension Schema {
    /// Names of the texts in `/run`.
    static let experimentText = "experiment_file"
    static let buildText = "build_info"

    /// What is in a file beside the columns: for the documentation.
    public static var texts: [(name: String, shape: String, meaning: String)] {
        [
            ("run/" + HostTable.name, HostTable.rowDimension + ": text", HostTable.meaning),
            ("run/" + experimentText, "text", experimentMeaning), ("run/" + buildText, "text", buildMeaning),
        ]
    }

    static let modelText = "model_identity"

    private static let modelMeaning = "what decides the model's answers beside the program: name and value, one a line"
    private static let experimentMeaning = "the experiment file, verbatim"
    private static let buildMeaning = "what the program was built with"

    /// Lays out an empty file: dimension scales, variables, attributes, tables and texts.
    ///
    /// - Parameter attributes: the global ones; those of `metadata` when `nil`.
    func layOut(
        _ file: borrowing File, _ metadata: RunMetadata, attributes: [Attribute]? = nil
    ) throws(HDF5Error) {
        for attribute in attributes ?? metadata.attributes { try file.setAttribute(attribute.name, attribute.value) }
        let root = try HDF5.Group(opening: "/", in: file)
        try layOut(.root, root, dimensions, gasNames)

        let run = try HDF5.Group(creating: Group.run.rawValue, in: file)
        try setAttributes(of: run, groupAttributes[.run] ?? [])
        let hosts = HostTable(for: metadata.hosts)
        try hosts.createDimensions(in: run)
        try layOut(.run, run, [], nil)
        try hosts.create(in: run)
        try HostTable.append(metadata.hosts, to: file)
        let experiment = try Dataset.create(Self.experimentText, in: run, text: metadata.experiment)
        try experiment.setAttribute("long_name", .text(Self.experimentMeaning))
        let build = try Dataset.create(Self.buildText, in: run, text: metadata.buildInfo)
        try build.setAttribute("long_name", .text(Self.buildMeaning))
        if !model.identity.isEmpty {
            let identity = try Dataset.create(Self.modelText, in: run, text: model.identity)
            try identity.setAttribute("long_name", .text(Self.modelMeaning))
        }
        for heap in heaps { try heap.create(in: run) }

        let axes = try HDF5.Group(creating: Group.axes.rawValue, in: file)
        try setAttributes(of: axes, groupAttributes[.axes] ?? [])
        try layOut(.axes, axes, dimensions, nil)
    }

    private func layOut(
        _ group: Group, _ parent: borrowing HDF5.Group, _ dimensions: [Dimension], _ table: NameTable?
    ) throws(HDF5Error) {
        // The column `point` is the first dimension of the file.
        let columns = columns.filter { $0.group == group }
        if group == .root { try create(columns[0], in: parent) }
        for dimension in dimensions where dimension.group == group { try create(dimension, in: parent) }
        for column in columns where column.source != .row { try create(column, in: parent) }
        if let table { try create(table, in: parent) }
    }

    private func create(_ dimension: Dimension, in parent: borrowing HDF5.Group) throws(HDF5Error) {
        let type: ElementType =
            switch dimension.scale {
            case .index: .int32
            case .values: .float64
            case .length: .float32
            }
        let dataset = try Dataset(
            creating: dimension.name, in: parent, try Datatype(type), try Dataspace([dimension.length]),
            try .datasetCreation())
        switch dimension.scale {
        case .index: try dataset.write((0..<dimension.length).map { Int32($0) })
        case .values(let values): try dataset.write(values)
        case .length: break
        }
        try dataset.makeScale(
            dimension.scale == .length ? Self.nameOfBareDimension(dimension.length) : dimension.name)
        try setAttributes(of: dataset, dimension.attributes)
    }

    private func create(_ column: Column, in parent: borrowing HDF5.Group) throws(HDF5Error) {
        let creation = try PropertyList.datasetCreation(chunk: column.chunk)
        try creation.setFill(column.fill)
        let dataset = try Dataset(
            creating: column.name, in: parent, try Datatype(column.type),
            try Dataspace([0] + column.trailing, growing: true), creation)
        if column.source == .row {
            try dataset.makeScale(column.name)
        } else {
            for (number, name) in column.dimensions.enumerated() {
                try dataset.attach(try Dataset(opening: "/" + name, in: parent), to: number)
            }
        }
        try setAttributes(of: dataset, column.attributes)
    }

    private func create(_ table: NameTable, in parent: borrowing HDF5.Group) throws(HDF5Error) {
        let dataset = try Dataset(
            creating: table.name, in: parent, try Datatype(.character),
            try Dataspace([table.names.count, table.length]), try .datasetCreation())
        try dataset.write(
            characters: table.names.flatMap { name in
                Array(name.utf8) + Array(repeating: 0, count: table.length - name.utf8.count)
            })
        try dataset.attach(try Dataset(opening: table.rowDimension, in: parent), to: 0)
        try dataset.attach(try Dataset(opening: table.lengthDimension, in: parent), to: 1)
        try setAttributes(of: dataset, table.attributes)
    }

    private func setAttributes(
        of object: borrowing some Object & ~Copyable, _ attributes: [Attribute]
    ) throws(HDF5Error) {
        for attribute in attributes { try object.setAttribute(attribute.name, attribute.value) }
    }

    static let bareDimensionPrefix = "This is a netCDF dimension but not a netCDF variable."

    /// The name by which netCDF-4 knows a dimension that has no variable (netCDF-4 file format, "Dimension scales").
    static func nameOfBareDimension(_ length: Int) -> String {
        let digits = String(length)
        return bareDimensionPrefix
            + String(repeating: " ", count: max(0, 10 - digits.count)) + digits
    }
}

extension Schema {
    /// In what the layout of `file` differs from this one; empty when rows of this schema can be added to it.
    func differences(in file: borrowing File) throws(HDF5Error) -> [String] {
        let root = try HDF5.Group(opening: "/", in: file)
        var differences: [String] = []
        for group in Group.allCases where group != .root {
            if try !root.contains(String(group.rawValue.dropFirst())) {
                differences.append("there is no group \(group.rawValue)")
            }
        }
        guard differences.isEmpty else { return differences }
        let run = try HDF5.Group(opening: Group.run.rawValue, in: file)
        for heap in heaps {
            for name in heap.variables where try !run.contains(name) {
                differences.append("there is no \(Group.run.rawValue)/\(name)")
            }
        }
        for group in Group.allCases {
            let opened = try HDF5.Group(opening: group.rawValue, in: file)
            for dimension in dimensions where dimension.group == group {
                differences += try self.differences(dimension, in: opened)
            }
            for column in columns where column.group == group {
                differences += try self.differences(column, in: opened)
            }
            differences += try attributeDifferences(group.rawValue, groupAttributes[group] ?? [], opened)
            differences += try strangers(group, in: opened)
        }
        return differences
    }

    private func differences(
        _ dimension: Dimension, in group: borrowing HDF5.Group
    ) throws(HDF5Error) -> [String] {
        let name = dimension.group == .root ? dimension.name : "\(dimension.group.rawValue)/\(dimension.name)"
        guard try group.contains(dimension.name) else { return ["there is no dimension \(name)"] }
        let dataset = try Dataset(opening: dimension.name, in: group)
        let count = try dataset.count
        guard count == dimension.length else { return ["\(name) is \(count) long, not \(dimension.length)"] }
        if case .values(let values) = dimension.scale, try dataset.read(Double.self) != values {
            return ["\(name) has other values"]
        }
        return try attributeDifferences(name, dimension.attributes, dataset)
    }

    private func differences(_ column: Column, in group: borrowing HDF5.Group) throws(HDF5Error) -> [String] {
        guard try group.contains(column.name) else { return ["there is no \(column.path)"] }
        let dataset = try Dataset(opening: column.name, in: group)
        let type = try dataset.elementType
        guard type == column.type else {
            return ["\(column.path) is \(type?.rawValue ?? "of a strange type"), not \(column.type)"]
        }
        guard !dataset.isScalar, dataset.trailing == column.trailing else {
            return ["\(column.path) has rows of shape \(dataset.trailing), not \(column.trailing)"]
        }
        // A fill value of NaN is not equal to itself as a number, but as bytes it is.
        return try attributeDifferences(column.path, column.attributes, dataset)
    }

    private func attributeDifferences(
        _ path: String, _ attributes: [Attribute], _ object: borrowing some Object & ~Copyable
    ) throws(HDF5Error) -> [String] {
        var differences: [String] = []
        for attribute in attributes where try object.attribute(attribute.name) != attribute.value {
            differences.append("\(path) has another \(attribute.name)")
        }
        return differences
    }

    /// Variables that the schema does not have.
    private func strangers(_ group: Group, in opened: borrowing HDF5.Group) throws(HDF5Error) -> [String] {
        var known = Set(columns.filter { $0.group == group }.map(\.name))
        known.formUnion(dimensions.filter { $0.group == group }.map(\.name))
        switch group {
        case .root: known.formUnion([gasNames.name, "run", "axes", ResultsFile.inferredGroup])
        case .run:
            known.formUnion(HostTable.variables)
            known.formUnion([Self.experimentText, Self.buildText])
            if !model.identity.isEmpty { known.insert(Self.modelText) }
            known.formUnion(heaps.flatMap(\.variables))
        case .axes: break
        }
        return try opened.names.filter { !known.contains($0) }.map {
            "there is a variable \(group == .root ? "" : group.rawValue + "/")\($0) that this experiment does not have"
        }
    }
}
