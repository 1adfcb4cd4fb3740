import Application
import Domain

/// This installation's demo, for whoever comes by: the page of a shared link, without one.
struct DemoPages: Sendable {
  let site: Site
  let page: SharedPage

  func add(to pages: inout PageRoutes) { pages.get("/demo", for: .everybody, demo) }

  private func demo(_ call: PageCall) async throws -> PageAnswer {
    let questions = site.tenancy.questions
    guard let project = try await unlessMissing({ try await questions.demo()?.value }) ?? nil else {
      throw Problem(
        .notFound, "this installation has no demo: whoever runs it makes one with `recount demo`, or `tools/run --demo`"
      )
    }
    let shown = SharedView(project: project, mode: .live, filters: [:], base: .demo)
    var answer = try await page.answer(shown, to: call)
    answer.isDemo = true
    return answer
  }
}
