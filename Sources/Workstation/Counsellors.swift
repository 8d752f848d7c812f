public import Casework
import SQLite
import Sealing

/// Somebody who has a PIN at this computer.
public struct Counsellor: Sendable {
    public var code: AuthorCode
    /// May change what holds for the whole line from here.
    public var isLead: Bool
}

/// Who works at this computer: codes, and the PINs that open a locked page. They hold on this computer only.
struct Counsellors: Sendable {
    let store: LocalStore
    let wallMilliseconds: @Sendable () -> Int64

    static let pinDigits = 6...12
    /// Wrong tries in a row before a minute's wait.
    static let tries = 5
    static let waitMilliseconds: Int64 = 60_000

    func all() throws -> [Counsellor] {
        try store.write { connection in
            try connection.withStatement("SELECT code, is_lead FROM counsellor ORDER BY code") { row in
                var all: [Counsellor] = []
                while try row.step() {
                    all.append(Counsellor(code: try AuthorCode(row.text(0)), isLead: row.integer(1) != 0))
                }
                return all
            }
        }
    }

    /// Sets the PIN of somebody who has none here. Whoever is the first on this computer is a lead on it.
    ///
    /// Errors: `badPIN`; `wrongPIN` for somebody who has one already.
    func setFirstPIN(_ pin: String, of code: AuthorCode) throws {
        let hash = try hash(of: pin)
        try store.write { connection in
            try connection.withStatement(
                """
                INSERT OR IGNORE INTO counsellor (code, pin, wrong, wait_until, is_lead)
                VALUES (?, ?, 0, 0, (SELECT count(*) = 0 FROM counsellor WHERE is_lead))
                """
            ) { row in
                try row.bind(1, code.text)
                try row.bind(2, hash.text)
                try row.run()
            }
            guard connection.changedRowCount == 1 else {
                throw WorkstationError(.wrongPIN, "this code has a PIN already; nothing was changed")
            }
        }
    }

    /// Changes a PIN. Errors: `badPIN`; those of ``check(_:of:)`` for the old one.
    func changePIN(from old: String, to new: String, of code: AuthorCode) throws {
        let hash = try hash(of: new)
        try check(old, of: code)
        try set(code, "pin", hash.text)
    }

    /// Takes a forgotten PIN away: whoever signs in next with the code chooses one. The last lead's stays.
    ///
    /// Errors: `badForm` for a code without a PIN here; `lead` for the last lead's.
    func forgetPIN(of code: AuthorCode) throws {
        try checkIsNotLastLead(code)
        try store.write { connection in
            try connection.withStatement("DELETE FROM counsellor WHERE code = ?") { row in
                try row.bind(1, code.text)
                try row.run()
            }
            guard connection.changedRowCount == 1 else {
                throw WorkstationError(.badForm, "this code has no PIN here; nothing was changed")
            }
        }
    }

    /// Makes somebody a lead on this computer, or not. Errors: `lead` for the last one.
    func setLead(_ code: AuthorCode, _ isLead: Bool) throws {
        if !isLead { try checkIsNotLastLead(code) }
        try set(code, "is_lead", isLead ? "1" : "0")
    }

    func isLead(_ code: AuthorCode) throws -> Bool { try all().contains { $0.code == code && $0.isLead } }

    private func checkIsNotLastLead(_ code: AuthorCode) throws {
        let leads = try all().filter(\.isLead).map(\.code)
        guard leads != [code] else {
            throw WorkstationError(
                .lead, "this is the only lead on this computer; nothing was changed: make somebody else one first")
        }
    }

    private func set(_ code: AuthorCode, _ column: String, _ value: String) throws {
        try store.write { connection in
            try connection.withStatement("UPDATE counsellor SET \(column) = ? WHERE code = ?") { row in
                try row.bind(1, value)
                try row.bind(2, code.text)
                try row.run()
            }
            guard connection.changedRowCount == 1 else {
                throw WorkstationError(.badForm, "this code has no PIN here; nothing was changed")
            }
        }
    }

    private func hash(of pin: String) throws -> PasswordHash {
        guard Self.pinDigits.contains(pin.utf8.count), pin.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw WorkstationError(.badPIN, "a PIN has 6 to 12 digits; nothing was saved")
        }
        guard let hash = PasswordHash(of: pin) else {
            throw WorkstationError(.cannotKeep, "there is not enough memory to keep the PIN; nothing was saved")
        }
        return hash
    }

    /// Errors: `wrongPIN` with the tries left, `waitForPIN`. Cost: a tenth of a second, and 64 MiB meanwhile.
    func check(_ pin: String, of code: AuthorCode) throws {
        let now = wallMilliseconds()
        let hash: PasswordHash? = try store.write { connection in
            let found = try connection.withStatement("SELECT pin, wrong, wait_until FROM counsellor WHERE code = ?") {
                row in
                try row.bind(1, code.text)
                return try row.step() ? (row.text(0), row.integer(1), row.integer(2)) : nil
            }
            guard let (text, wrong, waitUntil) = found else { return nil }
            // A clock that was set back must not make the wait longer than it is.
            if now < waitUntil, waitUntil - now <= Self.waitMilliseconds {
                throw WorkstationError(.waitForPIN, "too many wrong PINs; wait a minute and try again")
            }
            // Counted before it is looked at, so that two at once are two.
            let count = wrong >= Int64(Self.tries) ? 1 : wrong + 1
            try set(
                code, wrong: count, waitUntil: count >= Int64(Self.tries) ? now + Self.waitMilliseconds : 0, connection)
            return PasswordHash(text: text)
        }
        guard let hash, hash.matches(pin) else {
            let wrong = try wrongCount(code)
            throw WorkstationError(
                .wrongPIN, "that was not the right PIN; nothing was opened", triesLeft: max(0, Self.tries - wrong))
        }
        try store.write { try set(code, wrong: 0, waitUntil: 0, $0) }
    }

    private func set(_ code: AuthorCode, wrong: Int64, waitUntil: Int64, _ connection: Connection) throws {
        try connection.withStatement("UPDATE counsellor SET wrong = ?, wait_until = ? WHERE code = ?") { row in
            try row.bind(1, wrong)
            try row.bind(2, waitUntil)
            try row.bind(3, code.text)
            try row.run()
        }
    }

    private func wrongCount(_ code: AuthorCode) throws -> Int {
        try store.write { connection in
            try connection.withStatement("SELECT wrong FROM counsellor WHERE code = ?") { row in
                try row.bind(1, code.text)
                return try row.step() ? Int(row.integer(0)) : 0
            }
        }
    }
}
