import Casework
import Commands
import JSON
import Replica
import Support

/// Which clock is right, where the server's and this computer's differ.
let clockCommands: [Command] = [
    Command(
        "clock", summary: "Show which clock dates follow, or say which one is right.",
        details: """
            Dates follow the server's clock where it is within ten minutes of this computer's. Where it is not, one of them \
            is wrong, and only a person can tell which: until then dates follow this computer's. Sending goes on in any case.
            """,
        options: [
            .choice(
                "right", ["server", "computer"], "This clock is right; dates of what is written from now on follow it.")
        ], example: "lugn clock\nlugn clock --right server"
    ) { context in
        let workplace = try Workplace(context)
        if let right = context.value("right") {
            guard try workplace.replica.decideClock(serverIsRight: right == "server") else {
                throw CommandFailure(
                    .refused, "the server's clock and this computer's do not differ by more than ten minutes",
                    safe: "Nothing was changed")
            }
        }
        let status = try workplace.replica.status()
        if context.flag("json") { return context.output.write(json(status)) }
        let time = try workplace.casework.lineTime()
        context.output.print("Dates follow \(time.text(Timestamp(milliseconds: status.date.milliseconds))).")
        let sentences = clockSentences(status)
        if sentences.isEmpty { context.output.print("Nobody has to do anything about the clocks.") }
        for sentence in sentences { context.output.print(sentence) }
    }
]

/// What a counsellor should know of the clocks; nothing where all is well.
func clockSentences(_ status: ReplicaStatus) -> [String] {
    var lines: [String] = []
    if let difference = status.clockQuestion {
        let how = difference > 0 ? "behind" : "ahead of"
        lines.append(
            "This computer's clock is \(span(abs(difference))) \(how) the server's. Look at a third one, and say which is right: lugn clock --right server, or: --right computer."
        )
    }
    switch status.date.standing {
    case .behind(let milliseconds):
        lines.append(
            "This computer's clock is at least \(span(milliseconds)) behind: dates follow what the server said last. Set the clock."
        )
    case .jumped: lines.append("This computer's clock was set since the last sync: dates follow it as it is now.")
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
