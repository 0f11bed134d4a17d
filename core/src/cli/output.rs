//! How a command speaks: text in the chosen language, or JSON.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};

use serde_json::{Value, json};

use crate::problem::catalogue::files::CANNOT_WRITE;
use crate::problem::{Lang, Problem, Problems};

/// The manner of speaking of one run.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub lang: Lang,
    pub json: bool,
}

impl Output {
    #[must_use]
    pub fn new(lang: Lang, json: bool) -> Output {
        Output { lang, json }
    }

    /// Prints `text`, or `value` when JSON was asked for, to standard output.
    pub fn say(&self, text: impl AsRef<str>, value: impl FnOnce() -> Value) {
        if self.json {
            print_line(&value().to_string());
        } else {
            print_line(text.as_ref());
        }
    }

    /// Prints problems to standard error (to standard output as JSON).
    pub fn problems(&self, problems: &Problems) {
        if self.json {
            let list: Vec<Value> = problems.0.iter().map(problem_json).collect();
            print_line(&json!({ "problems": list }).to_string());
        } else {
            tell(&problems.told(self.lang));
        }
    }

    /// Prints what does not stop a run to standard error, in text or JSON; nothing when there is nothing.
    pub fn warnings(&self, problems: &Problems) {
        if problems.0.is_empty() {
            return;
        }
        if self.json {
            let list: Vec<Value> = problems.0.iter().map(problem_json).collect();
            tell(&json!({ "warnings": list }).to_string());
        } else {
            tell(&problems.told(self.lang));
        }
    }

    /// Whether progress may be drawn.
    #[must_use]
    pub fn progress(&self) -> bool {
        !self.json && std::io::stderr().is_terminal()
    }
}

thread_local! {
    /// Why standard output took no more, until it is asked for.
    static UNWRITTEN: RefCell<Option<io::Error>> = const { RefCell::new(None) };
}

/// Prints a line to standard output. Whoever closed it, such as `head`, wants no more: that is no error. Any other
/// failure, such as a full disk, is kept for [`unwritten`].
pub(super) fn print_line(text: &str) {
    print_to(&mut io::stdout(), text);
}

fn print_to(out: &mut dyn Write, text: &str) {
    if let Err(error) = writeln!(out, "{text}").and_then(|()| out.flush())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        UNWRITTEN.set(Some(error));
    }
}

/// What standard output did not take since this was last asked.
pub(super) fn unwritten(lang: Lang) -> Option<Problem> {
    let error = UNWRITTEN.take()?;
    Some(Problem::new(&CANNOT_WRITE).with("reason", error).file(lang.pick("标准输出", "standard output")))
}

/// Prints a line to standard error, if it takes one: there is nobody else to tell.
fn tell(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// A problem as JSON, in both languages.
#[must_use]
pub fn problem_json(problem: &Problem) -> Value {
    json!({
        "code": problem.entry.code,
        "severity": problem.entry.severity,
        "place": problem.place,
        "zh": problem.message(Lang::Zh),
        "en": problem.message(Lang::En),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes nothing, for this reason.
    struct Refusing(io::ErrorKind);

    impl Write for Refusing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_told_and_a_closed_pipe_is_not() {
        print_to(&mut Refusing(io::ErrorKind::StorageFull), "a");
        let told = unwritten(Lang::En).expect("it is kept");
        assert_eq!((told.entry.code, told.place.file.as_deref()), (CANNOT_WRITE.code, Some("standard output")));
        assert_eq!(unwritten(Lang::En), None, "told once");
        print_to(&mut Refusing(io::ErrorKind::BrokenPipe), "a");
        assert_eq!(unwritten(Lang::En), None);
    }
}
