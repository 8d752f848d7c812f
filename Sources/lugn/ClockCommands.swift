import Casework
import Commands
import JSON
import Replica
import Support

/// Which clock is right, where the server's and this computer's differ.
let clockCommands: [Command] = [
    Command(
        "clock",
        options: [
            .choice(
                "right", ["server", "computer"])
        ], example: "lugn clock\nlugn clock --right server"
    ) { context in
        let workplace = try Workplace(context)
        if let right = context.value("right") {
            guard try workplace.replica.decideClock(serverIsRight: right == "server") else {
                throw CommandFailure(.refused, key: "failure.clocksAgree")
            }
        }
        let status = try workplace.replica.status()
        if context.flag("json") { return context.output.write(json(status)) }
        let time = try workplace.casework.lineTime()
        let words = context.words
        let date = time.text(Timestamp(milliseconds: status.date.milliseconds))
        context.output.print(words("clock.dates", ["time": date]))
        let sentences = clockSentences(status, words)
        if sentences.isEmpty { context.output.print(words("clock.fine")) }
        for sentence in sentences { context.output.print(sentence) }
    }
]

/// What a counsellor should know of the clocks; nothing where all is well.
func clockSentences(_ status: ReplicaStatus, _ words: Words) -> [String] {
    var lines: [String] = []
    if let difference = status.clockQuestion {
        lines.append(
            words(difference > 0 ? "clock.isBehind" : "clock.isAhead", ["by": span(abs(difference), words)]))
    }
    switch status.date.standing {
    case .behind(let milliseconds): lines.append(words("clock.behind", ["by": span(milliseconds, words)]))
    case .jumped: lines.append(words("clock.jumped"))
    case .confirmed, .unconfirmed: break
    }
    return lines
}

private func json(_ status: ReplicaStatus) -> JSONValue {
    let standing =
        switch status.date.standing {
        case .confirmed: "confirmed"
        case .unconfirmed: "unconfirmed"
        case .jumped: "jumped"
        case .behind: "behind"
        }
    return [
        "date": .string(UTCTime.rfc3339(milliseconds: status.date.milliseconds)), "standing": .string(standing),
        "questionMilliseconds": status.clockQuestion.map { JSONValue($0) } ?? nil,
    ]
}
