import ChangeLog
import Replica
import Sealing
import SyncClient
import SyncProtocol
import TestSupport
import Testing

/// What an operator sets for a line, as its workstations meet it.
@Suite("An operator's terms") struct TermsTests {
    @Test(
        "a workstation that is too old works on, says what it waits for, and sends everything when it is served again")
    func tooOld() async throws {
        let line = try await TestLine()
        let (desk, other) = (try await line.desk(), try await line.desk())
        try await desk.sync()
        try await line.perform(.minimumProgram(line.line, ProgramVersion("9.0.0")))
        for count in 1...3 {
            try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
            await #expect {
                try await desk.sync()
            } throws: { error in
                guard let error = error as? SyncError else { return false }
                return error.code == .tooOld && error.minimumVersion == "9.0.0" && error.isTransient
                    && error.retryAfterSeconds == 60
            }
            #expect(try desk.replica.status().pending == count && desk.replica.status().setAside == 0)
        }
        let seen = try await line.log.replicas(of: line.line).map(\.pending)
        #expect(seen.max() == 3)
        try await line.perform(.minimumProgram(line.line, ProgramVersion("0.0.1")))
        #expect(try await desk.sync().isVerified == true)
        try await other.sync()
        #expect(try other.state() == desk.state())
    }

    @Test(
        "a line without room takes nothing, and loses nothing: what others write arrives, and what waits is sent when there is room"
    )
    func noRoom() async throws {
        let line = try await TestLine()
        let (desk, other) = (try await line.desk(), try await line.desk())
        let first = try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        try await desk.sync()
        try await other.sync()
        try await line.perform(.quota(line.line, bytes: 1))
        for name in ["elm", "ash"] {
            try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = name } }
        }
        await #expect { try await desk.sync() } throws: { ($0 as? SyncError)?.code == .noRoom }
        #expect(try desk.replica.status().pending == 2 && desk.replica.status().setAside == 0)
        #expect(try await line.log.lines()[0].head == 1)
        // Erasing is taken from everybody, and is seen at the desk that waits.
        try other.replica.write { try $0.erase(Garden.plants, first) }
        #expect(try await other.sync().acknowledged == 1)
        await #expect { try await desk.sync() } throws: { ($0 as? SyncError)?.code == .noRoom }
        #expect(try desk.replica.read { try $0.fetch(Garden.plants, first) } == nil)
        #expect(try desk.replica.status().pending == 2)
        try await line.perform(.quota(line.line, bytes: nil))
        line.clock.advance(by: 61_000)
        #expect(try await desk.sync().acknowledged == 2)
        try await other.sync()
        #expect(try other.state() == desk.state())
        #expect(try await line.isSound())
    }
}

extension TestLine {
    fileprivate func perform(_ act: OperatorAct) async throws {
        try await log.perform(act, by: nil, request: randomBytes(16), now: clock.now)
    }
}
