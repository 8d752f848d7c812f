/// The values a command line gave, by the name of the option or argument.
struct ParsedValues: Sendable {
    var flags: Set<String> = []
    var texts: [String: String] = [:]
    var lists: [String: [String]] = [:]
    var integers: [String: Int] = [:]

    func contains(_ name: String) -> Bool {
        flags.contains(name) || texts[name] != nil || lists[name] != nil || integers[name] != nil
    }
}
