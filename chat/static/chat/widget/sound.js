/** Two soft tones when something new comes while nobody looks. Off until the customer turns it on. */

const TONES = [
  [659, 0],
  [880, 0.13],
];
const LOUDNESS = 0.06;
const SECONDS = 0.35;

export class Sound {
  #context = null;

  constructor(memory) {
    this.memory = memory;
  }

  get isOn() {
    return Boolean(this.memory.get("sound"));
  }

  /** Called from a press: browsers let a page be heard only after one. */
  toggle() {
    this.memory.set("sound", this.isOn ? null : true);
    if (this.isOn) this.play();
  }

  play() {
    if (!this.isOn || !globalThis.AudioContext) return;
    this.#context ??= new AudioContext();
    for (const [pitch, after] of TONES) this.#tone(pitch, this.#context.currentTime + after);
  }

  #tone(pitch, start) {
    const [voice, volume] = [this.#context.createOscillator(), this.#context.createGain()];
    voice.frequency.value = pitch;
    volume.gain.setValueAtTime(LOUDNESS, start);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + SECONDS);
    voice.connect(volume).connect(this.#context.destination);
    voice.start(start);
    voice.stop(start + SECONDS);
  }
}
