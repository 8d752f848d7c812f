import ChangeLog
import Replica
import Sealing
import SimulatedLead
import SyncClient
import SyncProtocol
import TestSupport
import Testing
import Trust

/// Boxes with the line's newest key that somebody of the line has filled in badly.
@Suite struct BadBoxTests {
    @Test("bad boxes for everybody, filled in before the good ones, delay the new key and keep nobody from it")
    func badFirst() async throws {
        let line = try await TestLine()
        let (first, second, thief) = (try await line.desk(), try await line.desk(), try await line.desk())
        for desk in [first, second] { try await desk.client.sync() }
        // The lead's workstation changes the key and goes down before its boxes arrive; the thief is quicker than it comes back.
        try await line.lead.changeKey(in: line.log, now: line.clock.now, givingBoxes: false)
        let state = line.lead.roster.state
        let author = try #require(try line.log.device(thief.replica.deviceKeys().id))
        let wrong = EpochKey.random(epoch: 2)
        try await line.log.add(state.boxes(of: wrong, for: state.keyHolders), by: author)
        #expect(try line.log.lackingBoxes(line: line.line).isEmpty)
        await #expect(throws: (any Error).self) { try await first.client.sync() }
        #expect(try line.log.lackingBoxes(line: line.line).contains(first.replica.deviceKeys().id))
        // Once more, to no avail: the lead's box is kept beside it, and the others pass the key on.
        try await line.log.add(state.boxes(of: wrong, for: state.keyHolders), by: author)
        try await line.lead.sync(with: line.log, now: line.clock.now)
        for desk in [first, second] {
            // It finds that its box does not open, and says so.
            await #expect(throws: (any Error).self) { try await desk.client.sync() }
            try await line.lead.sync(with: line.log, now: line.clock.now)
            try await desk.client.sync()
            #expect(try desk.replica.membership()?.hasNewestKey == true)
        }
    }
}
