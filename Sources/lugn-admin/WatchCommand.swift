import Commands
import JSON
import Operations
import Support

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

let watchCommand = Command(
    "watch", summary: "A live screen: workstations as rows, how far each is behind as a bar.",
    details: """
        Looks every two seconds. The q key ends it. Where the output is no terminal, it prints a line each time that something \
        has changed.
        """,
    options: [
        .integer("every", "SECONDS", in: 1...3_600, "How often to look; 2 otherwise."),
        .integer("times", "N", in: 1...1_000_000, "End after so many looks."),
    ], example: "lugn-admin watch"
) { context in
    let client = try AdminClient(context)
    let keyboard = Keyboard(isWanted: context.output.isTerminal)
    defer { keyboard.restore() }
    let screen = WatchScreen(context.output)
    let signals = try TerminationSignals.install()
    let isEnded = Lock(false)
    let waiter = Task {
        _ = await signals.wait()
        isEnded.withLock { $0 = true }
    }
    defer { waiter.cancel() }
    var looks = 0
    while !isEnded.withLock({ $0 }) {
        let status = try await client.get("/v2/admin/status")
        let rows = try await deviceRows(client)
        screen.show(status, rows)
        looks += 1
        if let times = context.integer("times"), looks >= times { break }
        if await keyboard.waitForQ(seconds: context.integer("every") ?? 2, isEnded) { break }
    }
    screen.end()
}

/// Draws what was seen over what was drawn before, or prints what has changed.
final class WatchScreen {
    private let output: Output
    private var last: [String: String] = [:]
    private var drawn = 0

    private static let barWidth = 20

    init(_ output: Output) { self.output = output }

    func show(_ status: JSONValue, _ rows: [DeviceRow]) {
        if output.isTerminal { draw(status, rows) } else { printChanges(rows) }
    }

    func end() { if output.isTerminal { output.print() } }

    private func draw(_ status: JSONValue, _ rows: [DeviceRow]) {
        var lines = [
            "\(Shown.moment(status["serverTime"]))  \(Shown.text(status["commitsLastMinute"])) commits in the last minute  "
                + "\(Shown.text(status["waiting"])) wait for news  "
                + (status["ready"]?.bool == true ? "ready" : output.styled("CANNOT WRITE ITS STORE", .red))
                + "  (q ends)"
        ]
        let width = rows.map(\.name.count).max() ?? 0
        let largest = max(rows.map(\.lag).max() ?? 0, 1)
        for row in rows.sorted(by: { $0.precedes($1, by: "name") }) {
            let filled = row.lag == 0 ? 0 : max(1, Int(row.lag * Int64(Self.barWidth) / largest))
            let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: Self.barWidth - filled)
            let text = row.name.padded(to: width + 2) + bar + " \(row.lag)".padded(to: 9) + summary(row)
            lines.append(row.isTroubled || row.isRevoked ? output.styled(text, .red) : text)
        }
        // Up to where the last picture began; each line is cleared before it is written.
        if drawn > 0 { output.write("\u{1B}[\(drawn)A") }
        for line in lines { output.write("\u{1B}[2K" + line + "\n") }
        output.write("\u{1B}[J")
        drawn = lines.count
    }

    private func printChanges(_ rows: [DeviceRow]) {
        for row in rows {
            // Who was seen when changes all the time.
            let text = "lag \(row.lag), \(summary(row, withAge: false))"
            if last[row.id] != text { output.print("\(row.name) (\(row.id)): \(text)") }
            last[row.id] = text
        }
    }

    private func summary(_ row: DeviceRow, withAge: Bool = true) -> String {
        var words: [String] = []
        if row.isRevoked { words.append("revoked") }
        if withAge { words.append("seen \(Shown.duration(row.silence)) ago") }
        if row.isSilent { words.append("silent") }
        if row.pending > 0 { words.append("\(row.pending) unsent") }
        if row.differs { words.append("DIFFERS") }
        if row.isTooOld { words.append("too old: version \(row.version)") }
        if row.setAside > 0 { words.append("\(row.setAside) set aside") }
        if row.unopened > 0 { words.append("\(row.unopened) unopened") }
        if row.clockOffset.magnitude > 60_000 { words.append("clock \(Shown.duration(row.clockOffset))") }
        return words.isEmpty ? "in sync" : words.joined(separator: ", ")
    }
}

/// Single keys of a terminal, without Enter.
final class Keyboard {
    private var before: termios?

    init(isWanted: Bool) {
        guard isWanted, isatty(0) == 1 else { return }
        var settings = termios()
        guard unsafe tcgetattr(0, &settings) == 0 else { return }
        before = settings
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        unsafe tcsetattr(0, TCSANOW, &settings)
    }

    func restore() {
        guard var settings = before else { return }
        unsafe tcsetattr(0, TCSANOW, &settings)
        before = nil
    }

    /// True if q was pressed meanwhile, or the end is wanted.
    func waitForQ(seconds: Int, _ isEnded: Lock<Bool>) async -> Bool {
        for _ in 0..<seconds * 10 {
            if isEnded.withLock({ $0 }) { return true }
            if before != nil {
                var descriptor = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
                var key: UInt8 = 0
                if unsafe poll(&descriptor, 1, 0) == 1, unsafe read(0, &key, 1) == 1, key == UInt8(ascii: "q") {
                    return true
                }
            }
            do { try await Task.sleep(for: .milliseconds(100)) } catch { return true }
        }
        return false
    }
}
