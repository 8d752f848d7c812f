import Casework
import Commands
import JSON

/// To whom callers are referred.
let referralCommands: [Command] = [
    Command(
        "referral add", summary: "Refer the caller of a case to an organisation of the directory.",
        details: """
            Nobody is referred to anyone not contacted first: an entry that was not verified lately is refused. The ways \
            out are to call there and say so (lugn directory verify), or --nobody.
            """,
        options: [
            .value("to", "ID", "The entry, as \"directory list\" shows it."),
            .choice("way", ReferralWay.allCases.map(\.rawValue), "How, by the caller's choice; tips otherwise."),
            .flag("nobody", "There is nobody to refer to."), .notPersonalData, .by,
        ], arguments: [.number, .variadic("TEXT", "A word on it.", required: false)],
        example: """
            lugn referral add "482 915-3" --to 9f3c01ab --way firstContact
            lugn referral add "482 915-3" --nobody
            """
    ) { context in
        let workplace = try Workplace(context)
        let text = try GivenTexts.optionalArgument(context)
        if context.flag("nobody") {
            guard context.value("to") == nil, context.value("way") == nil else {
                throw CommandFailure.wrongUsage("--nobody goes without --to and --way", action: "Give one or the other")
            }
            let id = try workplace.casework.addReferralToNobody(context.reference(), text: text, by: context.author())
            return context.writeID(id, "Saved: nobody to refer to.")
        }
        let id = try workplace.casework.addReferral(
            context.reference(), to: ItemReference(parsing: context.require("to")),
            context.choice("way") ?? .tips, text: text, by: context.author())
        context.writeID(id, "Referred.")
    },
    Command(
        "referral outcome", summary: "Record what a referral led to.",
        options: [
            .choice("outcome", ReferralOutcome.allCases.map(\.rawValue), "What came of it.", required: true),
            .value("note", "TEXT", "A word on it."), .notPersonalData, .by,
        ], arguments: [.number, .item("referral")],
        example: "lugn referral outcome \"482 915-3\" --outcome supportReceived"
    ) { context in
        let workplace = try Workplace(context)
        guard let outcome: ReferralOutcome = try context.choice("outcome") else { return }
        try workplace.casework.setOutcome(
            context.reference(), context.item(), outcome,
            text: GivenTexts(context, ["note": context.value("note")])["note"], by: context.author())
        context.confirm("Saved.")
    },
    Command(
        "referral list", summary: "List referrals of which nobody knows yet what came of them.",
        example: "lugn referral list"
    ) { context in
        let referrals = try Workplace(context).casework.openReferrals()
        if context.flag("json") {
            return context.output.write(.array(referrals.map { referralJSON($0, withCase: true) }))
        }
        var table = Table("SINCE", "CASE", "ID", "WAY", "ORGANISATION")
        for referral in referrals {
            table.addRow([
                timeText(referral.at), numberText(referral.reference), ItemReference(referral.id).description,
                referral.way ?? "-", referral.organisation ?? "(not here)",
            ])
        }
        table.write(to: context, isEmpty: referrals.isEmpty, "Of all referrals it is known what came of them.")
    },
]

func referralJSON(_ referral: ReferralDetails, withCase: Bool = false) -> JSONValue {
    var members: [JSONMember] = withCase ? [JSONMember("number", numberJSON(referral.reference))] : []
    members += [
        JSONMember("id", idJSON(referral.id)), JSONMember("entry", referral.entry.map { idJSON($0) } ?? nil),
        JSONMember("organisation", textJSON(referral.organisation)), JSONMember("way", textJSON(referral.way)),
        JSONMember("verifiedOn", dayJSON(referral.verifiedOn)), JSONMember("outcome", textJSON(referral.outcome)),
        JSONMember("outcomeAt", timeJSON(referral.outcomeAt)), JSONMember("outcomeBy", textJSON(referral.outcomeBy)),
        JSONMember("at", timeJSON(referral.at)), JSONMember("by", .string(referral.by)),
    ]
    return .object(members)
}
