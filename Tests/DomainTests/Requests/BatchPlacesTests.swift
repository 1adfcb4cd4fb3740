import Foundation
import Testing

@testable import Domain

@Suite struct BatchPlacesTests {
  private static func places(_ count: Int, _ random: inout SplitMix) -> [BatchPlace] {
    var batch: Int64 = 0
    return (0..<count).map { _ in
      batch += Int64(1 + random.below([1, 500, 100_000, 1 << 40][random.below(4)]))
      let last = batch - Int64(random.below(Int(min(batch, 600))))
      let first = last - Int64(random.below(Int(min(last, 600))))
      let newest = random.below(900)
      let traits = (0..<random.below(40)).map { RequestTrait.path("/\($0 + random.below(9))".utf8) }
      let others = last > first ? Int64(random.below(Int(last - first))) : 0
      return BatchPlace(
        batch: batch, first: first, last: last, count: last - first + 1 - others,
        oldest: last > first ? random.below(newest + 1) : newest,
        newest: newest,
        slowest: random.below(43), classes: StatusClasses(rawValue: random.below(1 << StatusClasses.count)),
        signature: RequestSignature(of: traits, requests: Int(last - first + 1)))
    }
  }

  @Test(arguments: 0..<40) func whatIsWrittenPlaceByPlaceIsReadNewestFirst(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    var rows = [(BatchPlaces(), [BatchPlace]())]
    for place in Self.places(400, &random) {
      let (row, held) = rows[rows.count - 1]
      if let longer = try row.adding(place) {
        rows[rows.count - 1] = (longer, held + [place])
      } else {
        rows.append((try #require(try BatchPlaces().adding(place)), [place]))
      }
    }
    #expect(rows.count > 1)
    for (row, held) in rows {
      #expect(try BatchPlaces(bytes: row.bytes).all() == held.reversed())
      #expect(row.bytes.count <= BatchPlaces.maximumBytes || held.count == 1)
    }
  }

  @Test func aPlaceOfAnEarlierBatchIsRefused() throws {
    var random = SplitMix(seed: 1)
    let places = Self.places(2, &random)
    let row = try #require(try BatchPlaces().adding(places[1]))
    #expect(throws: TrafficBytesError.self) { try row.adding(places[0]) }
    #expect(throws: TrafficBytesError.self) { try row.adding(places[1]) }
  }

  /// Taken for ones of today they would hide requests: a server asks the rows that are there until those of its release are built.
  @Test(arguments: 0..<20) func rowsOfBeforeFormatThreeAreRefused(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    var row = BatchPlaces()
    for place in Self.places(3, &random) { row = try row.adding(place) ?? row }
    #expect(row.bytes.first == 0)
    #expect(throws: TrafficBytesError.self) { try BatchPlaces(bytes: Array(row.bytes.dropFirst())).all() }
  }

  @Test func bytesThatAreNoPlacesAreAnErrorAndNeverTrap() throws {
    var random = SplitMix(seed: 7)
    let place = Self.places(1, &random)[0]
    var whole = BatchPlaces()
    for place in Self.places(9, &random) { whole = try whole.adding(place) ?? whole }
    var refused = 0
    for _ in 0..<20_000 {
      var bytes = whole.bytes
      switch random.below(3) {
      case 0: bytes = Array(bytes.prefix(random.below(bytes.count)))
      case 1: bytes = (0..<random.below(40)).map { _ in UInt8(random.below(256)) }
      default: for _ in 0..<(1 + random.below(3)) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      }
      let row = BatchPlaces(bytes: bytes)
      do throws(TrafficBytesError) {
        for place in try row.all() {
          #expect(place.first >= 0 && place.first <= place.last && place.last <= place.batch)
          #expect(1 <= place.count && place.count <= place.most)
          #expect(0 <= place.oldest && place.oldest <= place.newest && place.newest < 900)
          _ = place.signature.mayHold(.status(404))
        }
        _ = try row.adding(place)
      } catch { refused += 1 }
    }
    #expect(refused > 1_000)
  }

  /// What a batch of 500 costs, as the real log has them: the aim is a byte for each request, all in all.
  @Test func aBatchOfFewDifferentRequestsTakesFarLessThanAByteForEach() throws {
    let traits = (0..<500).flatMap { index in
      [
        RequestTrait.path("/v2/\(index % 60)/servers".utf8), .template("/v2/{id}/servers".utf8), .status(200),
      ]
    }
    let place = BatchPlace(
      batch: 100_000, first: 99_501, last: 100_000, count: 500, oldest: 10, newest: 30, slowest: 9,
      classes: StatusClasses(of: 200),
      signature: RequestSignature(of: traits, requests: 500))
    #expect(try #require(try BatchPlaces().adding(place)).bytes.count < 90)
  }
}
