import Domain
import Foundation
import Testing

@Suite struct UUIDTests {
  /// Ids that follow from something are stored: the same digest must give the same id for ever.
  @Test func anIDThatFollowsFromADigestIsMadeOfItsFirstBytes() throws {
    let digest = (0..<32).map { UInt8(0xF0 | $0) }
    let time = try #require(UUID(uuidString: "01975BCD-0123-7000-8000-00000000000A"))
    #expect(UUID.derived(from: digest, version: nil).text == "f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff")
    #expect(UUID.derived(from: digest, version: 8).text == "f0f1f2f3-f4f5-86f7-b8f9-fafbfcfdfeff")
    #expect(UUID.derived(from: digest, version: 7, timeOf: time).text == "01975bcd-0123-70f1-b2f3-f4f5f6f7f8f9")
  }

  @Test func anIDIsWrittenAsItIsRead() {
    for _ in 0..<100 {
      let id = UUID()
      #expect(id.text == id.uuidString.lowercased())
      #expect(Array(id.text.utf8).withUnsafeBufferPointer { UUIDText.uuid($0) } == id)
    }
  }
}
