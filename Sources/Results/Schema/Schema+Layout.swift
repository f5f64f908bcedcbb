internal import Atmospheres
internal import HDF5

// Creates the schema in an empty file.
extension Schema {
    /// Creates dimension scales, variables, attributes, tables and texts in an empty file.
    ///
    /// - Parameters:
    ///   - file: the file, not yet open to readers.
    ///   - metadata: what the run says about itself.
    ///   - attributes: the global attributes; those of `metadata` when `nil`.
    /// - Throws: `HDF5Error`.
    func layOut(
        _ file: borrowing File, _ metadata: RunMetadata, attributes: [Attribute]? = nil
    ) throws(HDF5Error) {
        try file.set(attributes ?? metadata.attributes)
        let root = try Group(opening: GroupName.root.path, in: file)
        try layOut(.root, root, dimensions, gasNames)

        let run = try Group(creating: GroupName.run.path, in: file)
        try run.set(groupAttributes[.run] ?? [])
        let hosts = HostTable(for: metadata.hosts)
        try hosts.createDimensions(in: run)
        try layOut(.run, run, [], nil)
        try hosts.create(in: run)
        try HostTable.append(metadata.hosts, to: file)
        try create(.experiment, metadata.experiment, in: run)
        try create(.build, metadata.buildInfo, in: run)
        if !model.identity.isEmpty { try create(.modelIdentity, model.identity, in: run) }
        for blobs in blobs { try blobs.create(in: run) }

        let axes = try Group(creating: GroupName.axes.path, in: file)
        try axes.set(groupAttributes[.axes] ?? [])
        try layOut(.axes, axes, dimensions, nil)
    }

    private func layOut(
        _ group: GroupName, _ parent: borrowing Group, _ dimensions: [Dimension], _ table: NameTable?
    ) throws(HDF5Error) {
        // The column `point` is the first dimension of the file.
        let columns = columns.filter { $0.group == group }
        if group == .root { try create(columns[0], in: parent) }
        for dimension in dimensions where dimension.group == group { try create(dimension, in: parent) }
        for column in columns where column.source != .row { try create(column, in: parent) }
        if let table { try create(table, in: parent) }
    }

    private func create(_ text: Text, _ content: String, in run: borrowing Group) throws(HDF5Error) {
        let dataset = try Dataset.create(text.name, in: run, text: content)
        try dataset.set([Attribute(.longName, text.meaning)])
    }

    private func create(_ dimension: Dimension, in parent: borrowing Group) throws(HDF5Error) {
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
        try dataset.set(dimension.attributes)
    }

    private func create(_ column: Column, in parent: borrowing Group) throws(HDF5Error) {
        let creation = try PropertyList.datasetCreation(chunk: column.chunk)
        try creation.setFill(column.fill)
        let dataset = try Dataset(
            creating: column.name, in: parent, try Datatype(column.type),
            try Dataspace([0] + column.trailing, growing: true), creation)
        if column.source == .row {
            try dataset.makeScale(column.name)
        } else {
            for (index, name) in column.dimensions.enumerated() {
                try dataset.attach(try Dataset(opening: GroupName.root.path(name), in: parent), to: index)
            }
        }
        try dataset.set(column.attributes)
    }

    private func create(_ table: NameTable, in parent: borrowing Group) throws(HDF5Error) {
        let dataset = try Dataset(
            creating: table.name, in: parent, try Datatype(.character),
            try Dataspace([table.names.count, table.length]), try .datasetCreation())
        try dataset.write(
            characters: table.names.flatMap { name in
                Array(name.utf8) + Array(repeating: 0, count: table.length - name.utf8.count)
            })
        try dataset.attach(try Dataset(opening: table.rowDimension, in: parent), to: 0)
        try dataset.attach(try Dataset(opening: table.lengthDimension, in: parent), to: 1)
        try dataset.set(table.attributes)
    }

    /// The first words of the name of a dimension scale that holds nothing.
    static let bareDimensionPrefix = "This is a netCDF dimension but not a netCDF variable."

    /// Returns the name by which netCDF-4 recognizes a dimension without a variable (netCDF-4 file format, "Dimension
    /// scales").
    static func nameOfBareDimension(_ length: Int) -> String {
        let digits = String(length)
        return bareDimensionPrefix
            + String(repeating: " ", count: max(0, 10 - digits.count)) + digits
    }
}

extension Object where Self: ~Copyable {
    /// Writes attributes of the schema.
    func set(_ attributes: [Schema.Attribute]) throws(HDF5Error) {
        for attribute in attributes { try setAttribute(attribute.name.text, attribute.value) }
    }

    /// Returns the value of an attribute; `nil` when it is missing, or neither numbers nor text.
    func attribute(_ name: Schema.AttributeName) throws(HDF5Error) -> AttributeValue? { try attribute(name.text) }

    /// Returns the text of an attribute; `nil` when it is missing or not a text.
    func text(_ name: Schema.AttributeName) throws(HDF5Error) -> String? { try attribute(name)?.text }
}
