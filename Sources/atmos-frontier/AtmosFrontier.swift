import ArgumentParser

@main
struct AtmosFrontier: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "atmos-frontier")
}
