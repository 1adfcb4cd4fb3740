import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Server

/// uPlot is served where it is there, and loaded where there is a chart; what it draws are the table's numbers.
@Suite struct PlotTests {
  /// A folder with such files, gone when the test is over.
  private func with(_ names: [String], _ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "plots-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in names { try Data("/* uPlot */".utf8).write(to: folder.appending(path: name)) }
    try await body(folder)
  }

  @Test(arguments: [["uplot.js", "uplot.css"], ["uplot.js"], []])
  func aPageWithAChartLoadsItWhereItIsThereAndNoOtherDoes(_ names: [String]) async throws {
    try await with(names) { folder in
      try await Service.with(plots: folder) { service in
        let shop = try await service.analysed()
        let empty = try await shop.page().text
        try await shop.track([EventText(service.clock)])
        let page = try await shop.page().text
        let files = page.matches(of: /"(\/assets\/[0-9a-f]+\/uplot\.(js|css))"/).map { String($0.output.1) }
        #expect(files.count == (names.count == 2 ? 2 : 0), "\(page.prefix(1_000))")
        for file in files {
          let answer = try await service.get(file)
          #expect(answer.status == 200 && answer.text == "/* uPlot */")
          #expect(answer.header("Cache-Control")?.contains("immutable") == true)
        }
        for other in [empty, try await shop.browser.get("/home").text, try await shop.page("", "/requests").text] {
          #expect(!other.contains("uplot"))
        }
      }
    }
  }

  @Test func whatAScriptDrawsIsWhatTheAPIAnswers() async throws {
    try await Service.analysing { shop in
      let clock = shop.service.clock
      try await shop.track(
        (0..<24).map {
          EventText(clock, after: -3_600 * Double($0)).with("status_code", ["200", "404", "500"][$0 % 3])
            .with("response_time_ms", "\($0 + 1)")
        })
      for (query, isOfCalls) in [("", true), ("?period=24h&compare=previous", true), ("?chart=latency", false)] {
        let page = try await shop.page(query).text
        let rows = page.matches(of: /<tr data-drawn="([^"]*)"/).map {
          $0.output.1.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        }
        let json = try await shop.page("\(query.isEmpty ? "?" : query + "&")table=series&format=json")
        let points = json["points"].elements
        #expect(rows.count == points.count && !points.isEmpty, "\(query)")
        for (row, point) in zip(rows, points) {
          if isOfCalls {
            #expect(row.prefix(4).compactMap(\.self).reduce(0, +) == Double(point["total_calls"].integer), "\(query)")
          } else {
            let (drawn, told) = (row.first ?? nil, point["p50_response_time_ms"].number)
            #expect((drawn == nil) == (told == nil), "\(row) \(point)")
            #expect(abs((drawn ?? 0) - (told ?? 0)) < 0.01, "\(row) \(point)")
          }
        }
      }
    }
  }

  @Test func scriptAndSheetAreAsSmallAsTheyMustBe() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.appending(path: "Sources/Server/Pages/Assets")
    let script = try PageScript(folder: folder).bytes
    let text = String(decoding: script, as: UTF8.self)
    #expect(text.contains("function charts()") && text.contains("function keys()") && text.contains("function live()"))
    #expect(!text.contains("/**") && !text.contains("innerHTML"))
    #expect(try #require(Server.Gzip.deflate(script, .best)).count <= 6 * 1_024)
    let sheet = Array(try Data(contentsOf: folder.appending(path: "recount.css")))
    #expect(try #require(Server.Gzip.deflate(sheet, .best)).count <= 8 * 1_024)
  }
}
