/// What a command line asks for.
enum CommandRequest {
    /// Help for the command or group of these words; empty for the whole program.
    case help(path: [String])
    case version
    case run(Command, ParsedValues)
}
