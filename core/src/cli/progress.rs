//! What a run is doing, on a terminal; nothing where standard error is a file or a pipe, or with `--json`.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Output;
use crate::job::Step;
use crate::problem::Lang;

const UNKNOWN_LENGTH: &str = "{spinner} {msg} {elapsed}";
const COUNTED: &str = "{spinner} {msg} {human_pos} ({per_sec}) {elapsed}";

/// Progress of one run. Dropping it clears the line.
pub struct Progress {
    bar: Option<ProgressBar>,
    lang: Lang,
}

impl Progress {
    /// Work of unknown length, step by step.
    #[must_use]
    pub fn new(out: &Output) -> Progress {
        Progress::styled(out, ProgressBar::new_spinner(), UNKNOWN_LENGTH)
    }

    /// Work of unknown length that is counted.
    #[must_use]
    pub fn counted(out: &Output) -> Progress {
        Progress::styled(out, ProgressBar::new_spinner(), COUNTED)
    }

    fn styled(out: &Output, bar: ProgressBar, template: &str) -> Progress {
        let style = ProgressStyle::with_template(template).expect("Invariant: the templates above are valid");
        let bar = out.progress().then(|| bar.with_style(style));
        if let Some(bar) = &bar {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Progress { bar, lang: out.lang }
    }

    /// What is being done now.
    pub fn say(&self, zh: &'static str, en: &'static str) {
        if let Some(bar) = &self.bar {
            bar.set_message(self.lang.pick(zh, en));
        }
    }

    /// The step of a settlement.
    pub fn step(&self, step: Step) {
        match step {
            Step::Reading => self.say("读取分组方案、政策与病例", "reading scheme, policy and claims"),
            Step::Grouping => self.say("分组", "grouping"),
            Step::Pricing => self.say("计价", "pricing"),
            Step::Settling => self.say("结算", "settling"),
            Step::Auditing => self.say("独立复核", "auditing"),
            Step::Writing => self.say("写账册", "writing the book"),
        }
    }

    /// So much more is done.
    pub fn add(&self, count: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(count);
        }
    }

    /// Clears the line, for other output.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
