import Casework
import HTTPServer
import JSON
import LocalPage
import Replica
import Workstation

/// One request to the page's own interface, admitted and of a session that is known. Each route is a call of the
/// workstation; the interface belongs to the page of this version, and is promised to nobody else.
struct APICall: Sendable {
    /// Of the path behind `/api`.
    let parts: [String]
    let isWrite: Bool
    let head: HTTPRequestHead
    let body: JSONValue
    let bearer: String
    let session: Session
    let pages: PageState

    var workstation: Workstation { pages.workstation }
    var casework: Casework { pages.workstation.casework }

    func answer() async throws -> HTTPResponse {
        let first = parts.first ?? ""
        if first == "session" { return .json(try sessionAnswer()) }
        if first == "joining" { return .json(try joiningAnswer()) }
        guard session.author != nil else { throw Problem(401, "sign-in", "nobody has signed in; nothing was changed") }
        // What was being typed when the lock fell is kept all the same; nothing comes back.
        if session.lockedSince != nil {
            guard first == "calls", parts.count == 3, parts[2] == "keep", isWrite else { throw Problem.locked }
        }
        switch first {
        case "events": return try await eventsAnswer()
        case "state": return .json(try await stateAnswer())
        case "waiting": return .json(try waitingAnswer())
        case "today": return .json(try todayAnswer())
        case "find": return .json(try findAnswer())
        case "calls": return .json(try callsAnswer())
        case "guard": return .json(try guardAnswer())
        case "day": return .json(try dayAnswer())
        case "cases": return .json(try caseAnswer())
        case "directory": return .json(try directoryAnswer())
        case "conflicts": return .json(try conflictsAnswer())
        case "statistics": return .json(try await statisticsAnswer())
        case "activities": return .json(try activitiesAnswer())
        case "reminders": return .json(try remindersAnswer())
        case "settings": return .json(try await settingsAnswer())
        case "retention": return .json(try retentionAnswer())
        case "import": return .json(try importAnswer())
        case "people": return .json(try peopleAnswer())
        case "line": return .json(try await lineAnswer())
        case "late": return .json(try await lateAnswer())
        default: throw Problem.notFound
        }
    }

    /// Who works in this session. Checked before any route that asks for it.
    func author() throws -> AuthorCode {
        guard let author = session.author else { throw Problem(401, "sign-in", "nobody has signed in") }
        return author
    }

    /// Whether this page may change what holds for the whole line: this computer is a lead's, and a lead works in the page or
    /// has just entered their PIN.
    func isLead() throws -> Bool { try workstation.isLeadDesk() && isLeadCode() }

    /// Whether a lead of this computer works in the page, or has just entered their PIN.
    func isLeadCode() throws -> Bool {
        let now = pages.wallMilliseconds()
        if let until = session.leadUntil, now < until, until - now <= Self.leadMilliseconds { return true }
        return try session.author.map(workstation.isLead) ?? false
    }

    /// How long a lead's PIN lets a page of somebody else's change what holds for the line.
    static let leadMilliseconds: Int64 = 10 * 60_000

    /// Errors: `lead`; `not-lead-desk` where this computer is none of a lead's.
    func requireLead() throws {
        try requireLeadCode()
        guard try workstation.isLeadDesk() else {
            throw Problem(403, "not-lead-desk", "only a lead's workstation may do this; nothing was changed")
        }
    }

    /// For what holds on this computer only. Errors: `lead`.
    func requireLeadCode() throws {
        guard try isLeadCode() else { throw Problem(403, "lead", "only a lead may do this; nothing was changed") }
    }

    /// A text of the body. Errors: `bad-request`.
    func text(_ name: String) throws -> String {
        guard let text = body[name]?.string else { throw Problem.badRequest }
        return text
    }

    /// A text with what was marked in it; nil for none, or a blank one.
    func marked(_ name: String) -> MarkedText? {
        guard let text = body[name]?.string, !text.allSatisfy(\.isWhitespace) else { return nil }
        let marks = (body["marks"]?.array ?? []).compactMap(\.string)
        return MarkedText(text, notPersonalData: marks)
    }

    func item(_ name: String) throws -> ItemReference? { try body[name]?.string.map { try ItemReference(parsing: $0) } }

    /// Errors: `bad-day`.
    func day(_ name: String) throws -> CalendarDate? {
        guard let text = body[name]?.string, !text.isEmpty else { return nil }
        return try workstation.day(text, name)
    }

    // MARK: Session

    private func sessionAnswer() throws -> JSONValue {
        let now = pages.wallMilliseconds()
        guard isWrite else { return try sessionJSON(session) }
        switch parts.dropFirst().first {
        case "active":
            if session.lockedSince == nil { pages.sessions.change(bearer) { $0.lastActive = now } }
        case "sign-in":
            let code = try AuthorCode(text("code"))
            let pin = try text("pin")
            if body["isNew"]?.bool == true {
                try workstation.setFirstPIN(pin, of: code)
            } else {
                try workstation.checkPIN(pin, of: code)
            }
            let seen = try workstation.preference("seen." + code.text).flatMap { Int64($0) }
            try workstation.setPreference("seen." + code.text, String(now))
            pages.sessions.change(bearer) { session in
                session.author = code
                session.lockedSince = nil
                session.leadUntil = nil
                session.lastActive = now
                session.previousShift = seen ?? now
            }
        case "lead": try leadSignsIn(now)
        case "lock":
            pages.sessions.change(bearer) { session in
                session.lockedSince = session.lockedSince ?? now
                session.leadUntil = nil
            }
        case "leave":
            pages.sessions.change(bearer) { session in
                session.author = nil
                session.leadUntil = nil
                session.lockedSince = nil
            }
        case "keys": try workstation.setPreference("bareKeys", body["hasBareKeys"]?.bool == false ? "off" : "on")
        case "language":
            let language = try text("language")
            guard ["sv", "en"].contains(language) else { throw Problem.badRequest }
            try workstation.setPreference("language", language)
        default: throw Problem.notFound
        }
        guard let changed = pages.sessions.session(bearer, now: now) else { throw Problem.notFound }
        return try sessionJSON(changed)
    }

    /// A lead lets the page of somebody else change what holds for the line, for ten minutes.
    private func leadSignsIn(_ now: Int64) throws {
        guard session.author != nil, session.lockedSince == nil else { throw Problem.locked }
        let code = try AuthorCode(text("code"))
        guard try workstation.isLead(code) else {
            throw Problem(403, "not-lead", "this code is no lead's on this computer; nothing was changed")
        }
        try workstation.checkPIN(text("pin"), of: code)
        pages.sessions.change(bearer) { $0.leadUntil = now + Self.leadMilliseconds }
    }

    private func sessionJSON(_ session: Session) throws -> JSONValue {
        let state = try workstation.state()
        return [
            "hasBareKeys": .bool(try workstation.preference("bareKeys") != "off"),
            "id": .string(session.id), "code": optional(session.author?.text),
            "lockedSince": optional(session.lockedSince), "language": .string(pages.language()),
            "codes": .array(try workstation.people().map { .string($0.code.text) }), "desk": optional(state.desk),
            "line": optional(try casework.settings().name ?? state.line), "now": JSONValue(pages.wallMilliseconds()),
            "today": .string(try casework.currentDay().description),
            "idleSeconds": JSONValue(pages.sessions.idleMilliseconds / 1_000),
            "warningSeconds": JSONValue(pages.warningMilliseconds / 1_000),
            "languages": .array(try casework.settings().languages.map { .string($0.text) }),
            "isJoined": .bool(try workstation.isJoined()),
        ]
    }

    // MARK: What has changed

    private static let eventSeconds = 20.0

    /// Server-sent events of ids, never content: the answer waits until there is one, and ends with it. The page asks
    /// again at once, with the last number it has.
    private func eventsAnswer() async throws -> HTTPResponse {
        guard let after = head.query("after").flatMap({ UInt64($0) }) else { throw Problem.badRequest }
        if workstation.changeNumber == after {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await workstation.waitForChange(after: after) }
                group.addTask {
                    do { try await Task.sleep(for: .seconds(Self.eventSeconds)) } catch { return }
                }
                await group.next()
                group.cancelAll()
            }
        }
        let number = workstation.changeNumber
        let ids = workstation.changedIDs(since: after)
        let data: JSONValue = ["ids": ids.map { .array($0.map { .string($0) }) } ?? nil]
        let event = number == after ? ": nothing new\n\n" : "id: \(number)\nevent: change\ndata: \(data.text)\n\n"
        return .page(200, "text/event-stream", Array(event.utf8))
    }

    private func stateAnswer() async throws -> JSONValue {
        if isWrite {
            switch parts.dropFirst().first {
            case "try": try await workstation.syncNow()
            case "discard":
                guard let number = body["number"]?.integer.flatMap({ UInt64(exactly: $0) }) else {
                    throw Problem.badRequest
                }
                try workstation.discardSetAside(number)
            default: throw Problem.notFound
            }
        }
        return try stateJSON(workstation.state(), changeNumber: workstation.changeNumber)
    }

    /// What only this computer has, commit by commit.
    private func waitingAnswer() throws -> JSONValue {
        let reasons = try casework.replica.setAsideCommits()
        return [
            "waiting": .array(try workstation.waitingWork().map { workJSON($0, reason: nil) }),
            "setAside": .array(
                try workstation.setAsideWork().map { work in
                    workJSON(work, reason: reasons.first { $0.number == work.number }.map { "\($0.reason)" })
                }),
        ]
    }

    private func todayAnswer() throws -> JSONValue {
        shiftJSON(try workstation.shift(since: session.previousShift), drafts: try workstation.openCalls(of: author()))
    }

    // MARK: Words that are typed

    private func guardAnswer() throws -> JSONValue {
        let text = try text("text")
        let watch = try casework.textGuard()
        return .array(watch.findings(in: text).map { findingJSON($0, in: text) })
    }

    private func dayAnswer() throws -> JSONValue {
        let day = try workstation.day(text("text"), "text")
        let hours = try casework.settings().openingHours
        var open = day
        for _ in 0..<60 where !hours.isOpen(on: open) { open = open.adding(days: 1) }
        return [
            "day": .string(day.description), "isOpen": .bool(hours.isOpen(on: day)),
            "nextOpen": .string(open.description), "isPast": .bool(try day < casework.currentDay()),
        ]
    }
}

func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? nil }
func optional(_ number: Int64?) -> JSONValue { number.map { .integer($0) } ?? nil }
func optional(_ day: CalendarDate?) -> JSONValue { day.map { .string($0.description) } ?? nil }
func optional(_ moment: Timestamp?) -> JSONValue { moment.map { .integer($0.milliseconds) } ?? nil }
