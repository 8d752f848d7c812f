import Casework
import Commands
import JSON

/// To whom callers are referred.
let referralCommands: [Command] = [
    Command(
        "referral add",
        options: [
            .value("to", "ENTRY"),
            .word(
                "way", ReferralWay.self),
            .flag("nobody"), .county, .notPersonalData, .by,
        ], arguments: [.number, .variadic("TEXT", required: false)],
        example: """
            lugn referral add "482 915-3" --to Ungdomsjouren --way firstContact
            lugn referral add "482 915-3" --nobody --county orebro
            """
    ) { context in
        let workplace = try Workplace(context)
        let text = try GivenTexts.optionalArgument(context)
        if context.flag("nobody") {
            guard context.value("to") == nil, context.value("way") == nil else {
                throw CommandFailure(.wrongUsage, key: "failure.nobodyAlone")
            }
            let id = try workplace.casework.addReferralToNobody(
                context.reference(), in: context.choice("county"), text: text, by: context.author())
            return context.writeID(id, "referral.nobody")
        }
        let id = try workplace.casework.addReferral(
            context.reference(), to: context.organisation("to"), context.choice("way"), in: context.choice("county"),
            text: text, by: context.author())
        context.writeID(id, "referral.done")
    },
    Command(
        "referral outcome",
        options: [
            .word("outcome", ReferralOutcome.self, required: true),
            .value("note", "TEXT"), .notPersonalData, .by,
        ], arguments: [.number, .item],
        example: "lugn referral outcome \"482 915-3\" --outcome supportReceived"
    ) { context in
        let workplace = try Workplace(context)
        guard let outcome: ReferralOutcome = try context.choice("outcome") else { return }
        try workplace.casework.setOutcome(
            context.reference(), context.item(), outcome,
            text: GivenTexts(context, ["note": context.value("note")])["note"], by: context.author())
        context.confirm("saved")
    },
    Command(
        "referral list", example: "lugn referral list"
    ) { context in
        let workplace = try Workplace(context)
        let referrals = try workplace.casework.openReferrals()
        if context.flag("json") {
            return context.output.write(.array(referrals.map { referralJSON($0, withCase: true) }))
        }
        let say = try context.say(workplace)
        var table = say.table("since", "case", "id", "way", "organisation")
        for referral in referrals {
            table.addRow([
                say.time(referral.at), numberText(referral.reference, say), ItemReference(referral.id).description,
                say.word(referral.way, ReferralWay.self), referral.organisation ?? say("case.entryNotHere"),
            ])
        }
        table.write(to: context, isEmpty: referrals.isEmpty, "referral.noneOpen")
    },
]

func referralJSON(_ referral: ReferralDetails, withCase: Bool = false) -> JSONValue {
    var members: [JSONMember] = withCase ? [JSONMember("number", numberJSON(referral.reference))] : []
    members += [
        JSONMember("id", idJSON(referral.id)), JSONMember("entry", referral.entry.map { idJSON($0) } ?? nil),
        JSONMember("organisation", textJSON(referral.organisation)), JSONMember("way", textJSON(referral.way)),
        JSONMember("verifiedOn", dayJSON(referral.verifiedOn)), JSONMember("outcome", textJSON(referral.outcome)),
        JSONMember("outcomeAt", timeJSON(referral.outcomeAt)), JSONMember("outcomeBy", textJSON(referral.outcomeBy)),
        JSONMember("county", textJSON(referral.county)), JSONMember("at", timeJSON(referral.at)),
        JSONMember("by", .string(referral.by)),
    ]
    return .object(members)
}
