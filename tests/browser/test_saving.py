"""Nothing lost, as far as the browser goes: its own log, who may have what it holds, and what is said of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.test_labeller import (
    chip,
    expect_kept,
    last,
    rows,
    sent,
    span,
    state,
    status,
    view,
    violations,
    welcome,
)
from browser.waiting import arrived, whole
from secondsource.widgets import Labeller

HARNESS = (Path(__file__).parent / "harness.html").as_uri()
Mount = Callable[..., Page]
Json = dict[str, Any]

# What browsers are known to do; each before the labeller starts.
MISSING = "Object.defineProperty(window, 'indexedDB', { value: undefined });"
FORBIDDEN = "IDBFactory.prototype.open = () => { throw new DOMException('private', 'SecurityError'); };"
REFUSING = """IDBFactory.prototype.open = () => {
  const request = new EventTarget();
  queueMicrotask(() => request.onerror());
  return request;
};"""
LATE = """const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...names) {
  const [real, request] = [open.apply(this, names), { onsuccess: null }];
  real.onsuccess = () => {
    request.result = real.result;
    window.open_now = () => request.onsuccess();
  };
  IDBFactory.prototype.open = open;
  return request;
};"""
HANGING = "IDBFactory.prototype.open = () => new EventTarget();"
FULL = "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };"
STUCK = "Object.defineProperty(IDBTransaction.prototype, 'oncomplete', { set() {} });"
# However long the database takes, it is waited for, until `impatient` is called.
PATIENT = """const later = window.setTimeout;
const held = [];
window.setTimeout = (run, time, ...rest) => (time >= 1000 ? (held.push(run), 0) : later(run, time, ...rest));
window.impatient = () => held.splice(0).forEach((run) => run());"""
NO_STORAGE = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
NO_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined });"
NO_CHANNEL = "window.BroadcastChannel = undefined;"
BROKEN = {
    "missing": MISSING,
    "forbidden": FORBIDDEN,
    "refusing": REFUSING,
    "hanging": HANGING,
    "full": FULL,
    "stuck": STUCK,
}
DEAD = "() => { window.model.send = () => { throw new Error('comm is dead'); }; }"


def mount(page: Page, *spans: Json, before: str = "", **more: Any) -> Page:
    """Open the harness in a page, as a new visit, and a labeller in it; `write` as in real life."""
    page.goto(HARNESS)
    page.wait_for_function("window.ready === true")
    if before:
        page.evaluate(f"() => {{ {before} }}")
    more["timing"] = {"write": 250, **more.get("timing", {})}
    traits = {"_view": view(**more), "_state": state(*spans)}
    page.evaluate("([s, c, t]) => window.mount(s, c, t)", [str(Labeller._esm), str(Labeller._css), traits])
    whole(page)
    return page


def label(page: Page, quote: str, count: int = 1) -> None:
    """Label some words and wait until the change was sent."""
    add_source_late(page, quote)
    page.wait_for_function("n => window.sent.some((m) => m.seq === n)", arg=count)


def add_source_late(page: Page, quote: str) -> None:
    """Label some words; the change is sent when it is written."""
    from browser.test_labeller import select

    select(page, quote)
    page.get_by_role("button", name="Source").click()


def offer(page: Page) -> Locator:
    """What an earlier visit left behind."""
    return page.locator(".ss-banner:visible").filter(has_text="from an earlier visit")


def test_a_change_is_in_the_log_before_it_is_sent(page: Page) -> None:
    before = """
      window.order = [];
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (record) {
        this.transaction.addEventListener("complete", () => window.order.push(`written ${record.seq}`));
        return put.call(this, record);
      };
      const push = window.sent.push.bind(window.sent);
      window.sent.push = (message) => {
        if (message.seq) window.order.push(`sent ${message.seq}`);
        return push(message);
      };
    """
    mount(page, before=PATIENT + before, timing={"write": 60_000})
    label(page, "Watson")
    label(page, "said", 2)
    assert page.evaluate("window.order") == ["written 1", "sent 1", "written 2", "sent 2"]
    expect_kept(page, 1, 2)


@pytest.mark.parametrize("how", BROKEN)
def test_a_browser_without_a_working_database_keeps_changes_all_the_same(page: Page, how: str) -> None:
    """They are sent within a moment, kept in the other memory, and offered on the next visit."""
    mount(page, before=BROKEN[how])
    label(page, "Watson")
    label(page, "said", 2)
    page.wait_for_function("Object.keys(localStorage).length === 2")
    mount(page)
    expect(rows(page)).to_have_count(0)
    welcome(page)
    expect(offer(page)).to_contain_text("2 changes from an earlier visit were not saved.")
    offer(page).get_by_role("button", name="Restore").click()
    expect(rows(page)).to_have_count(2)
    page.wait_for_function("window.sent.filter((m) => m.type === 'op').length === 2")
    page.evaluate("window.sent.filter((m) => m.type === 'op').forEach((m) => window.acknowledge(m))")
    expect(chip(page)).to_contain_text("Saved")
    expect_kept(page)


def test_what_a_database_took_before_it_broke_is_removed_all_the_same(page: Page) -> None:
    """Otherwise it would be offered, or made again, wherever the file does not know of it."""
    mount(page, before=PATIENT)
    label(page, "Watson")
    expect_kept(page, 1, copied=False)
    page.evaluate(f"() => {{ {FULL} }}")
    label(page, "said", 2)
    page.wait_for_function("Object.keys(localStorage).length > 0")
    label(page, "West", 3)
    page.evaluate("window.sent.filter((m) => m.type === 'op').forEach((m) => window.acknowledge(m))")
    expect(chip(page)).to_contain_text("Saved")
    expect_kept(page)


def test_what_a_database_takes_without_an_answer_is_removed_all_the_same(page: Page) -> None:
    """It was slow, and changes went elsewhere; but it had taken the first."""
    mount(page, before=PATIENT + STUCK)
    label(page, "Watson")
    expect_kept(page, 1, copied=False)
    page.evaluate("window.impatient()")
    page.wait_for_function("Object.keys(localStorage).length > 0")
    page.evaluate("window.acknowledge(window.sent.at(-1))")
    expect(chip(page)).to_contain_text("Saved")
    expect_kept(page)


def test_a_database_that_opens_late_gives_back_what_it_has(page: Page) -> None:
    """Changes are kept elsewhere until then."""
    mount(page)
    label(page, "Watson")
    expect_kept(page, 1)
    mount(page, before=LATE)
    label(page, "said")
    page.wait_for_function("Object.keys(localStorage).length === 1")
    page.evaluate(f"() => {{ {PATIENT} }}")  # what is asked for from now on may take as long as it takes
    welcome(page)
    page.evaluate("window.open_now()")
    expect(offer(page)).to_contain_text("1 change from an earlier visit was not saved.")
    offer(page).get_by_role("button", name="Discard").click()
    page.evaluate("window.acknowledge(window.sent.at(-1))")
    expect(chip(page)).to_contain_text("Saved")
    expect_kept(page)


def test_where_nothing_can_be_kept_that_is_said(page: Page) -> None:
    """And the labeller works on."""
    mount(page, before=MISSING + NO_STORAGE)
    label(page, "Watson")
    page.evaluate(DEAD)
    add_source_late(page, "said")
    expect(chip(page)).to_contain_text("What is not saved is on this page only.")
    expect(rows(page)).to_have_count(2)
    expect(page.get_by_role("button", name="Download my labels").locator("visible=true")).to_have_count(1)


def test_a_page_that_goes_away_writes_and_sends_at_once(page: Page) -> None:
    """Even where the database takes its time."""
    mount(page, before=PATIENT + HANGING, timing={"write": 60_000})
    add_source_late(page, "Watson")
    expect(rows(page)).to_have_count(1)
    assert sent(page) == []
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert [message["seq"] for message in sent(page)] == [1]
    assert len(page.evaluate("Object.keys(localStorage)")) == 1


def test_a_reload_offers_just_what_has_no_answer(page: Page) -> None:
    mount(page)
    label(page, "Watson")
    label(page, "said", 2)
    client = last(page)["client"]
    page.evaluate("(m) => window.acknowledge(m)", sent(page)[0])
    expect_kept(page, 2)
    mount(page, span("Watson"))
    welcome(page, span("Watson"), seq_by_client={client: 1})
    expect(offer(page)).to_contain_text("1 change from an earlier visit was not saved.")
    offer(page).get_by_role("button", name="Discard").click()
    expect_kept(page)
    expect(rows(page)).to_have_count(1)


def test_what_arrived_after_all_is_not_offered(page: Page) -> None:
    """The kernel was busy with it when the page closed: its greeting counts, not the snapshot of long ago."""
    mount(page)
    label(page, "Watson")
    client = last(page)["client"]
    mount(page)
    expect(offer(page)).to_have_count(0)
    welcome(page, span("Watson"), seq_by_client={client: 1})
    expect(rows(page)).to_have_count(1)
    expect_kept(page)
    expect(offer(page)).to_have_count(0)


def leave(page: Page, client: str, quote: str) -> None:
    """A change of a view that is gone, as an earlier version kept it."""
    entries = [{"seq": 1, "op": "add", "span": span(quote)}]
    page.evaluate(
        "([c, e]) => localStorage.setItem(`secondsource:02_who:abc:${c}`, JSON.stringify(e))", [client, entries]
    )


@pytest.mark.parametrize("before", ["", NO_LOCKS], ids=["locks", "no locks"])
def test_what_an_open_tab_waits_for_or_offers_is_not_offered_to_another(page: Page, before: str) -> None:
    mount(page, before=before)
    label(page, "Watson")
    leave(page, "gone1", "said")
    other = mount(page.context.new_page(), before=before)
    welcome(other)
    expect(offer(other)).to_contain_text("1 change from an earlier visit was not saved.")  # not two
    leave(page, "gone2", "tired")
    third = mount(page.context.new_page(), before=before)
    welcome(third)
    expect(offer(third)).to_contain_text("1 change from an earlier visit was not saved.")
    offer(third).get_by_role("button", name="Restore").click()
    expect(rows(third).locator("bdi")).to_have_text("tired")
    other.close()
    page.close()
    last = mount(third.context.new_page(), before=before)
    welcome(last)
    expect(offer(last)).to_contain_text("2 changes from an earlier visit were not saved.")


def test_without_locks_and_channels_views_of_one_page_know_one_another(page: Page) -> None:
    mount(page, before=NO_LOCKS + NO_CHANNEL)
    label(page, "Watson")
    page.evaluate("window.addView()")
    arrived(page, 2, "hello")
    page.evaluate(
        "m => window.deliver(m)",
        {"type": "state", "client": sent(page, "hello")[1]["client"], "readonly": None, **state()},
    )
    expect(page.locator(".ss-labeller").nth(1).locator(".ss-banner:visible")).to_have_count(0)


def test_changes_left_on_this_very_page_are_made_again_at_once(page: Page) -> None:
    """The kernel died, the cell was run again: nobody left, so nobody is asked. Once, and not by two views."""
    mount(page)
    page.evaluate(DEAD)
    add_source_late(page, "Watson")
    add_source_late(page, "said")
    expect(chip(page)).to_contain_text("SAVE-NOKERNEL · Not saved: the notebook’s Python stopped. · 2 changes are kept")
    page.evaluate("window.removeView(0)")
    page.evaluate("() => { delete window.model.send; window.sent.length = 0; }")
    page.evaluate("window.addView().then(() => window.addView())")
    expect(page.locator(".ss-labeller")).to_have_count(2)
    arrived(page, 2, "hello")
    for hello in sent(page, "hello"):
        page.evaluate(
            "m => window.deliver(m)", {"type": "state", "client": hello["client"], "readonly": None, **state()}
        )
    page.wait_for_function("window.sent.filter((m) => m.type === 'op').length === 2")
    page.evaluate("window.sent.filter((m) => m.type === 'op').forEach((m) => window.acknowledge(m))")
    for each in (0, 1):
        expect(page.locator(".ss-labeller").nth(each).locator("tbody tr[data-span]")).to_have_count(2)
    expect(page.locator(".ss-status").filter(has_text="2 changes restored.")).to_have_count(1)
    expect(page.locator(".ss-banner:visible")).to_have_count(0)
    expect_kept(page)
    assert len(sent(page)) == 2


def test_where_nothing_can_be_changed_the_offer_stays(page: Page) -> None:
    """Restoring would be refused, and the changes be gone."""
    mount(page)
    label(page, "Watson")
    readonly = {"code": "SAVE-READONLY", "message": "SAVE-READONLY · this folder cannot be written to · a · b"}
    mount(page, readonly=readonly)
    welcome(page, readonly=readonly)
    offer(page).get_by_role("button", name="Restore").click()
    expect(status(page)).to_contain_text("SAVE-READONLY")
    expect(offer(page)).to_be_visible()
    expect_kept(page, 1)


def test_the_log_is_not_trusted(page: Page) -> None:
    """Whatever anybody wrote there: it is left out, and nothing breaks."""
    good = {"seq": 3, "op": "add", "span": span("Watson")}
    bad = [None, 7, "x", [], {}, {"seq": 1}, {"seq": "2", **good}, {**good, "seq": -1}, {**good, "op": "__proto__"}]
    bad += [{**good, "span": {"id": "../x"}}, {**good, "span": {**good["span"], "start": "0"}}, {**good, "span": None}]
    mount(page)
    page.evaluate(
        """async ([bad, good]) => {
          const opening = indexedDB.open("secondsource", 1);
          await new Promise((resolve) => { opening.onsuccess = resolve; });
          const store = opening.result.transaction("entries", "readwrite").objectStore("entries");
          const head = { exercise: "02_who", article: "abc" };
          bad.forEach((entry, n) => store.put({ ...head, client: "old", seq: n + 10, entry }));
          store.put({ ...head, client: "old", seq: 1, entry: good });
          store.put({ ...head, client: "bad name/<b>", seq: 1, entry: good });
          store.put({ ...head, client: ["old"], seq: 1, entry: good });
          store.put({ exercise: "another", article: "abc", client: "old", seq: 1, entry: good });
          const texts = [["a", "{"], ["b", "7"], ["c:1", "null"], ["d:x:y", "{\\"entry\\": 3}"], ["", "[{}]"]];
          for (const [key, value] of texts) {
            localStorage.setItem(`secondsource:02_who:abc:${key}`, value);
          }
          await new Promise((resolve) => { store.transaction.oncomplete = resolve; });
        }""",
        [bad, good],
    )
    mount(page)
    welcome(page)
    expect(offer(page)).to_contain_text("1 change from an earlier visit was not saved.")
    offer(page).get_by_role("button", name="Restore").click()
    expect(rows(page)).to_have_count(1)


def test_a_greeting_is_repeated_until_it_is_answered(page: Page) -> None:
    mount(page, timing={"waiting": 100, "resend": 100})
    page.wait_for_function("window.sent.filter((m) => m.type === 'hello').length >= 3")
    expect(chip(page)).to_have_text("Nothing to save yet")
    welcome(page)
    count = len(sent(page, "hello"))
    label(page, "Watson")
    page.wait_for_function("window.sent.filter((m) => m.type === 'op').length >= 3")
    assert len(sent(page, "hello")) == count


@pytest.mark.parametrize("event", ["online", "visibilitychange"])
def test_the_oldest_change_is_sent_again_when_the_page_is_back(page: Page, event: str) -> None:
    mount(page)
    welcome(page)
    label(page, "Watson")
    label(page, "said", 2)
    target = "window" if event == "online" else "document"
    page.evaluate(f"{target}.dispatchEvent(new Event('{event}'))")
    assert [message["seq"] for message in sent(page)] == [1, 2, 1]


def test_after_a_silence_the_oldest_asks_first_and_an_answer_brings_the_rest(page: Page) -> None:
    """A busy kernel is not flooded; one that is back gets all that was lost, in order."""
    page.clock.install()
    mount(page, timing={"waiting": 60_000, "resend": 60_000, "write": 0})
    welcome(page)
    for number, quote in enumerate(("Watson", "said", "West"), start=1):
        label(page, quote, number)
    page.clock.run_for(65_000)
    assert [message["seq"] for message in sent(page)] == [1, 2, 3, 1]
    page.evaluate("(m) => window.acknowledge(m)", sent(page)[0])
    page.clock.run_for(65_000)
    assert [(message["seq"], message["last_acked"]) for message in sent(page)[4:]] == [(2, 1), (3, 1)]


# ------------------------------------------------------------------------------------- what a notebook program tells

MANAGER = """() => {
  class Signal {
    slots = new Set();
    connect(slot) { this.slots.add(slot); }
    disconnect(slot) { this.slots.delete(slot); }
    emit(value) { for (const slot of this.slots) slot(this, value); }
  }
  const names = ["statusChanged", "kernelChanged", "connectionStatusChanged", "iopubMessage"];
  const signals = Object.fromEntries(names.map((name) => [name, new Signal()]));
  const kernel = {
    id: "k", status: "idle", connectionStatus: "connected", reconnects: 0, commsOverSubshells: "perCommTarget",
    reconnect() { this.reconnects += 1; return Promise.reject(new Error("no")); } };
  window.lab = { kernel, context: { sessionContext: signals } };
  window.tell = (name, status) => {
    if (status) kernel[name] = status;
    signals[`${name}Changed`].emit(status);
  };
  window.hear = (session, state = "idle", type = "status") =>
    signals.iopubMessage.emit({ header: { msg_type: type, session }, content: { execution_state: state } });
  window.slots = () => Object.values(signals).reduce((n, signal) => n + signal.slots.size, 0);
  window.model.widget_manager = window.lab;
  window.removeView(0);
  window.sent.length = 0;
  return window.addView();
}"""


@pytest.fixture
def hosted(page: Page) -> Page:
    """A labeller in a program that tells as much as JupyterLab does; it was greeted, and has one label on disk."""
    mount(page, timing={"waiting": 300, "resend": 100})
    page.evaluate(MANAGER)
    expect(page.locator(".ss-labeller")).to_have_count(1)
    page.evaluate("window.hear('one')")
    welcome(page)
    label(page, "Watson")
    page.evaluate("(m) => window.acknowledge(m)", last(page))
    expect(chip(page)).to_contain_text("Saved")
    page.evaluate("window.lab.kernel.reconnects = 0")  # what a slow start asked for does not count
    return page


STOPS = {
    "restart": "window.tell('status', 'restarting')",
    "crash": "window.tell('status', 'autorestarting')",
    "death": "window.tell('status', 'dead')",
    "another kernel": "window.lab.kernel.id = 'other'; window.tell('kernel')",
    "no kernel": "window.lab.kernel = null; window.tell('kernel')",
    "restart elsewhere": "window.hear('two', 'busy')",
    "line cut": "window.model.emit('comm_live_update')",
}


@pytest.mark.parametrize("how", STOPS)
def test_a_kernel_that_stops_is_told_at_once(hosted: Page, how: str) -> None:
    """What is saved stays saved; the first change after it is known not to be."""
    page = hosted
    page.evaluate(f"() => {{ {STOPS[how]} }}")
    expect(chip(page)).to_contain_text("The notebook’s Python has stopped: run the boxes again")
    expect(chip(page)).to_have_attribute("data-state", "saved")
    expect(page.locator(".ss-visually-hidden[aria-live]")).to_contain_text("has stopped")
    add_source_late(page, "said")
    expect(chip(page)).to_contain_text("SAVE-NOKERNEL · Not saved: the notebook’s Python stopped. · 1 change is kept")
    expect(chip(page)).to_have_attribute("data-state", "failed")
    assert violations(page) == []
    page.wait_for_function("window.sent.some((m) => m.seq === 2)")
    page.evaluate("(m) => window.acknowledge(m)", last(page))  # it lives after all
    expect(chip(page)).to_contain_text("Saved")
    expect(chip(page)).not_to_contain_text("stopped")


def test_messages_of_the_server_itself_mean_nothing(hosted: Page) -> None:
    hosted.evaluate(
        """() => {
          window.hear('server', undefined, 'stream');
          window.hear('server', 'restarted');
          window.hear('one', 'busy');
        }"""
    )
    hosted.evaluate("window.tell('status', 'busy')")
    expect(chip(hosted)).not_to_contain_text("stopped")


def test_after_a_restart_elsewhere_widgets_get_a_new_thread(hosted: Page) -> None:
    """JupyterLab would go on addressing the old one."""
    told = "() => { window.hear('two'); return window.lab.kernel.commsOverSubshells; }"
    assert hosted.evaluate(told) == "disabled"  # for a moment only
    hosted.wait_for_function("window.lab.kernel.commsOverSubshells === 'perCommTarget'")


def test_a_cut_connection_is_told_from_a_busy_kernel(hosted: Page) -> None:
    """And the state is asked for when it is back."""
    page = hosted
    page.evaluate("window.tell('connectionStatus', 'connecting')")
    expect(chip(page)).to_contain_text("Saved")
    label(page, "said", 2)
    expect(chip(page)).to_have_text("Waiting for the connection. 1 change is kept in this browser.")
    expect(chip(page)).to_have_attribute("data-state", "waiting")
    assert violations(page) == []
    count = len(sent(page, "hello"))
    page.evaluate("window.tell('connectionStatus', 'connected')")
    page.wait_for_function("n => window.sent.filter((m) => m.type === 'hello').length >= n", arg=count + 1)
    expect(chip(page)).to_have_text("Waiting for the notebook to finish")
    page.evaluate("(m) => window.acknowledge(m)", last(page))
    expect(chip(page)).to_contain_text("Saved")


@pytest.mark.parametrize(("status", "again"), [("idle", True), ("busy", False)])
def test_an_idle_kernel_that_keeps_silent_is_connected_anew(hosted: Page, status: str, again: bool) -> None:
    """A busy one is waited for."""
    hosted.evaluate("(status) => window.tell('status', status)", status)
    add_source_late(hosted, "said")
    hosted.wait_for_function("window.sent.filter((m) => m.seq === 2).length >= 5")
    assert (hosted.evaluate("window.lab.kernel.reconnects") > 0) is again


def test_back_on_the_net_the_connection_is_made_at_once(hosted: Page) -> None:
    """JupyterLab would wait the longer, the longer it was away."""
    hosted.evaluate("window.tell('connectionStatus', 'connecting')")
    hosted.context.set_offline(True)
    add_source_late(hosted, "said")
    expect(chip(hosted)).to_have_text("Waiting for the connection. 1 change is kept in this browser.")
    hosted.wait_for_function("window.sent.filter((m) => m.seq === 2).length > 2")
    assert hosted.evaluate("window.lab.kernel.reconnects") == 0
    hosted.context.set_offline(False)
    hosted.wait_for_function("window.lab.kernel.reconnects > 0")


def test_a_page_that_was_off_the_net_for_long_saves_by_itself(page: Page) -> None:
    """F7: longer than it takes to send again; what is said is true; each change arrives once, in order."""
    mount(page, timing={"waiting": 300, "resend": 100})
    welcome(page)
    page.context.set_offline(True)
    page.evaluate("() => { window.lost = []; window.model.send = (m) => { window.lost.push(m.seq); }; }")
    for quote in ("Watson", "said", "West"):
        add_source_late(page, quote)
    expect(chip(page)).to_have_text("Waiting for the connection. 3 changes are kept in this browser.")
    page.wait_for_function("window.lost.includes(3) && window.lost.filter((seq) => seq === 1).length > 3")
    expect(chip(page)).to_have_text("Waiting for the connection. 3 changes are kept in this browser.")
    expect_kept(page, 1, 2, 3)
    page.evaluate("() => { window.ackAll = true; delete window.model.send; }")
    page.context.set_offline(False)
    expect(chip(page)).to_contain_text("(revision 3)")
    expect(rows(page)).to_have_count(3)
    expect_kept(page)
    arrived = [message["seq"] for message in sent(page)]
    assert list(dict.fromkeys(arrived)) == [1, 2, 3]


def test_a_connection_that_was_given_up_is_asked_for_again(hosted: Page) -> None:
    hosted.evaluate("window.tell('connectionStatus', 'disconnected')")
    add_source_late(hosted, "said")
    hosted.wait_for_function("window.lab.kernel.reconnects > 1")


def test_a_labeller_that_is_gone_listens_to_nothing(hosted: Page) -> None:
    assert hosted.evaluate("window.slots()") == 4
    hosted.evaluate("window.removeView(1)")
    assert hosted.evaluate("[window.slots(), window.model.listeners()]") == [0, 0]


@pytest.mark.parametrize("light", ["true", "false"])
def test_axe_finds_nothing_in_any_state_of_saving(page: Page, light: str) -> None:
    mount(page)
    label(page, "Watson")
    label(page, "said", 2)
    mount(page, timing={"waiting": 300, "resend": 60_000})
    page.evaluate("(light) => { document.body.dataset.jpThemeLight = light; }", light)
    welcome(page)
    expect(offer(page)).to_be_visible()
    assert violations(page) == []
    label(page, "West")
    expect(chip(page)).to_have_attribute("data-state", "waiting")
    assert violations(page) == []
    page.evaluate(DEAD)
    page.get_by_role("button", name="Save again").click()
    expect(chip(page)).to_have_attribute("data-state", "failed")
    assert violations(page) == []


def test_an_answer_that_skips_a_revision_asks_for_the_state(page: Page) -> None:
    """An answer to another view was lost on the way: what it told is in the state."""
    mount(page)
    welcome(page)
    label(page, "Watson")
    first = last(page)
    answer = {"type": "ack", "client": first["client"], "seq": 1, "saved_at": "2026-11-22T12:00:00Z", "sha": "0"}
    greetings = len(sent(page, "hello"))
    page.evaluate("(m) => window.deliver(m)", {**answer, "op": "add", "span": first["span"], "rev": 1})
    label(page, "said", 2)
    assert len(sent(page, "hello")) == greetings
    second = last(page)
    page.evaluate("(m) => window.deliver(m)", {**answer, "seq": 2, "op": "add", "span": second["span"], "rev": 3})
    expect(chip(page)).to_contain_text("revision 3")
    assert len(sent(page, "hello")) == greetings + 1
