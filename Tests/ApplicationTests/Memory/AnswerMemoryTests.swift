import Domain
import Foundation
import Testing

@testable import Application

@Suite struct AnswerMemoryTests {
  private struct Text: Remembered, Equatable {
    let text: String
    var weight = 1_000
  }

  private func key(
    _ question: String, _ range: Range<Instant> = .sample, of label: SoughtLabel? = nil
  ) -> AnswerMemory.Key {
    AnswerMemory.Key(question, TrafficSpan(project: .sample, of: .sample, mode: .live, range: range), of: label)
  }

  @Test func anAnswerIsGivenAgainToTheSameQuestionOfTheSameVersionAlone() {
    let memory = AnswerMemory(capacity: 100_000)
    memory.remember(Text(text: "one"), of: key("summary"), version: [1])
    #expect(memory.value(key("summary"), version: [1]) == Text(text: "one"))
    #expect(memory.value(key("summary"), version: [2], as: Text.self) == nil)
    #expect(memory.value(key("endpoints"), version: [1], as: Text.self) == nil)
    let later = Instant.epoch..<Instant.epoch + .days(1)
    #expect(memory.value(key("summary", later), version: [1], as: Text.self) == nil)
    memory.remember(Text(text: "two"), of: key("summary"), version: [2])
    #expect(memory.value(key("summary"), version: [1], as: Text.self) == nil)
    #expect(memory.value(key("summary"), version: [2]) == Text(text: "two"))
  }

  /// Two consumers to whoever tracks them, one text to Unicode.
  @Test func labelsAreToldApartByteByByte() {
    let (one, other) = ("Jos\u{e9}", "Jose\u{301}")
    #expect(one == other)
    let memory = AnswerMemory(capacity: 100_000)
    memory.remember(Text(text: "one"), of: key("chart", of: SoughtLabel(series: .consumer, text: one)), version: [1])
    for (series, text) in [(TrafficLabel.consumer, other), (.release, one)] {
      let key = key("chart", of: SoughtLabel(series: series, text: text))
      #expect(memory.value(key, version: [1], as: Text.self) == nil)
    }
  }

  @Test func whatWasNotAskedForTheLongestIsForgottenFirst() {
    let memory = AnswerMemory(capacity: 10_000)
    for number in 0..<50 {
      memory.remember(Text(text: "\(number)"), of: key("\(number)"), version: [1])
      #expect(memory.value(key("0"), version: [1], as: Text.self) != nil, "asked again and again")
    }
    let known = (0..<50).filter { memory.value(key("\($0)"), version: [1], as: Text.self) != nil }
    #expect(known.count < 10 && known.contains(49) && !known.contains(1))
    memory.remember(Text(text: "large", weight: 9_000), of: key("large"), version: [1])
    #expect(memory.value(key("large"), version: [1], as: Text.self) == nil, "it would drive out the others")
  }
}
