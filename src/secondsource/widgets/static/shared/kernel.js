// What a notebook program lets a view know about the Python behind it. JupyterLab tells much, others little or nothing.

/** None of these comes while a kernel lives on: it starts before there is a view. */
const OVER = ["starting", "restarting", "autorestarting", "terminating", "dead"];

/** Whether there is still somebody to save; where the program does not tell, only the lack of answers does. */
export class Kernel {
  /** The Python that these labels belong to has stopped: nothing that is sent arrives. */ gone = false;
  /** There is no connection to it at the moment. */ cut = false;
  /** It is known to have stopped, not just suspected: asking it is of no use. */ over = false;
  #manager; #id; #signals; #model; #changed = () => {};
  /** Every Python process names its messages' session anew. */ #session = null;

  /** @param {() => void} changed called when it is worth looking again */
  constructor(model, changed) {
    this.#model = model;
    this.#manager = model.widget_manager;
    this.#id = this.#current()?.id;
    const session = this.#try(() => this.#manager.context.sessionContext);
    const source = session ?? this.#current();
    const slots = { statusChanged: this.#look, kernelChanged: this.#look, connectionStatusChanged: this.#look, iopubMessage: this.#overhear };
    this.#signals = Object.entries(slots).map(([name, slot]) => [this.#try(() => source[name]), slot])
      .filter(([signal]) => typeof signal?.connect === "function" && typeof signal?.disconnect === "function");
    this.#signals.forEach(([signal, slot]) => signal.connect(slot));
    model.on("comm_live_update", this.#doubt);
    this.#look();
    this.#changed = changed;
  }

  stop() {
    this.#signals.forEach(([signal, slot]) => signal.disconnect(slot));
    this.#model.off("comm_live_update", this.#doubt);
  }

  /** It has answered. */
  heard() {
    this.gone = false;
    this.over = false;
    this.cut = false;
  }

  /**
   * As long as labels wait, ask for a new connection where JupyterLab has given up, as it does after a few minutes, or has
   * not noticed yet that the old one is dead: an idle kernel does not keep silent.
   * @param {number} [silent] how many times in a row we waited in vain
   * @param {boolean} [online] the computer is back on the net: JupyterLab might let pass a minute before it looks again
   */
  revive(silent = 0, online = false) {
    const kernel = this.#current();
    const deaf = kernel?.connectionStatus === "connected" && kernel.status === "idle" ? silent : 0;
    if (deaf > 1) this.#renewThread();
    const due = kernel?.connectionStatus === "disconnected" || (online && kernel?.connectionStatus === "connecting");
    if (deaf || due) this.#try(() => kernel.reconnect().catch(() => {}));
  }

  /**
   * JupyterLab 4.4 and later has widget messages answered on a thread of their own ("subshell"). When another tab restarted
   * the kernel, it goes on addressing the thread of the old one, and no widget is heard any more, not even a new one.
   */
  #renewThread() {
    const kernel = this.#current();
    const mode = kernel?.commsOverSubshells;
    if (typeof mode !== "string" || mode === "disabled") return;
    this.#try(() => { kernel.commsOverSubshells = "disabled"; });
    setTimeout(() => this.#try(() => { kernel.commsOverSubshells = mode; }), 200);
  }

  #current() { return this.#try(() => this.#manager.kernel); }

  #try(read) { try { return read() ?? null; } catch { return null; } }

  /** The line to Python was made or cut; which of them, is not said. */
  #doubt = () => {
    this.gone = true;
    this.#changed();
  };

  /** A restart that was asked for elsewhere shows only in this: another process is busy, or idle. */
  #overhear = (_, message) => {
    const { msg_type: type, session } = message?.header ?? {};
    if (type !== "status" || !["busy", "idle"].includes(message.content?.execution_state)) return; // the server speaks too
    this.#session ??= session;
    if (session !== this.#session) this.#stopped();
  };

  #look = () => {
    const [cut, kernel] = [this.cut, this.#current()];
    this.cut = typeof kernel?.connectionStatus === "string" && kernel.connectionStatus !== "connected";
    if (this.#id && (kernel?.id !== this.#id || OVER.includes(kernel.status))) this.#stopped();
    else if (cut !== this.cut) this.#changed();
  };

  #stopped() {
    if (this.over) return;
    this.over = true;
    this.gone = true;
    if (!["restarting", "autorestarting"].includes(this.#current()?.status)) this.#renewThread();
    this.#changed();
  }
}
