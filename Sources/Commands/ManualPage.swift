/// A program's manual page in roff, of the same declarations as its help.
struct ManualPage {
    let program: Program

    func text() -> String {
        let words = program.words
        var lines = [
            #".TH "\#(program.name.uppercased())" 1 "" "\#(program.name) \#(Self.plain(program.version))""#,
            // Long options are seldom in the way of a straight margin so.
            ".ad l",
            ".SH " + Self.plain(words("name")), Self.plain(program.name) + #" \- "# + Self.plain(program.summary),
            ".SH " + Self.plain(words("synopsis")),
            #".B "# + Self.plain(program.name), Self.plain("\(words("command")) [\(words("options"))] ..."),
            ".SH " + Self.plain(words("commandsTitle")),
        ]
        for command in program.commands where !command.isHidden { lines += section(command) }
        lines.append(".SH " + Self.plain(words("globalOptionsTitle")))
        lines += program.allGlobalOptions.flatMap { Self.entry($0.listedTerm, $0.details(words)) }
        lines.append(".SH " + Self.plain(words("exitStatus")))
        for code in 0...4 { lines += Self.entry(String(code), words("exit.\(code)")) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ command: Command) -> [String] {
        let words = ([program.name] + command.path).joined(separator: " ")
        let options = command.options.map { $0.isRequired ? $0.term : "[\($0.term)]" }
        var lines = [".SS " + Self.plain(words)]
        lines.append(#".B "# + Self.plain(words))
        lines += (options + command.arguments.map(\.usage)).map(Self.plain)
        lines += [".PP", Self.plain(command.summary)]
        if command.isDefault {
            let short = ([program.name] + command.path.dropLast()).joined(separator: " ")
            lines.append(Self.plain(program.words("default", ["short": short])))
        }
        for paragraph in command.details.split(separator: "\n\n") { lines += [".PP", Self.plain(String(paragraph))] }
        lines += command.arguments.flatMap {
            Self.entry($0.term, $0.summary + ($0.isRequired ? "" : " " + program.words("optional")))
        }
        lines += command.options.flatMap { Self.entry($0.listedTerm, $0.details(program.words)) }
        lines += [
            ".PP", Self.plain(program.words(command.example.contains("\n") ? "examples" : "example")), ".PP", ".EX",
        ]
        return lines + command.example.split(separator: "\n").map { Self.plain(String($0)) } + [".EE"]
    }

    private static func entry(_ term: String, _ explanation: String) -> [String] {
        [".TP", #".B "# + plain(term), plain(explanation)]
    }

    /// Text that roff shows as it stands: nothing in it is an escape or a request, and hyphens can be copied.
    private static func plain(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            var escaped = ""
            for scalar in line.unicodeScalars {
                switch scalar {
                case "\\": escaped += #"\e"#
                case "-": escaped += #"\-"#
                case "\"": escaped += #"\(dq"#
                case "'": escaped += #"\(aq"#
                case "`": escaped += #"\(ga"#
                case "^": escaped += #"\(ha"#
                case "~": escaped += #"\(ti"#
                case _ where scalar.isASCII: escaped.unicodeScalars.append(scalar)
                default: escaped += #"\["# + "u" + hexadecimal(scalar) + "]"
                }
            }
            return escaped.hasPrefix(".") ? #"\&"# + escaped : escaped
        }
        return lines.joined(separator: "\n")
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
