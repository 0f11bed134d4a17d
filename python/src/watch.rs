//! Long work of many threads, watched by the thread that Python called on: the only one that hears Ctrl-C.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use dianzhi::problem::catalogue::usage::STOPPED;
use dianzhi::problem::{Problem, Problems};
use dianzhi::scenario::Heard;
use pyo3::prelude::*;

use super::problems::Failure;
use super::stream::Stop;

/// How long Ctrl-C may wait to be heard.
const TICK: Duration = Duration::from_millis(50);

/// Does the work on a thread of its own. `tell` hears how much is done; what it raises ends the work, as Ctrl-C does.
pub fn watched<T: Send>(
    py: Python<'_>,
    tell: Option<&Py<PyAny>>,
    work: impl FnOnce(&Heard<'_>) -> Result<T, Problems> + Send,
) -> PyResult<T> {
    let (done, is_stopped, stop) = (AtomicUsize::new(0), AtomicBool::new(false), Stop::default());
    let heard = |count: usize| {
        done.fetch_max(count, Ordering::Relaxed);
        if is_stopped.load(Ordering::Relaxed) { Err(Problem::new(&STOPPED).into()) } else { Ok(()) }
    };
    let outcome = py.detach(|| {
        std::thread::scope(|scope| {
            let (working, ended) = channel::<()>();
            let worker = scope.spawn(|| {
                let outcome = work(&heard);
                drop(working);
                outcome
            });
            let mut told = 0;
            loop {
                let is_over = ended.recv_timeout(TICK) != Err(RecvTimeoutError::Timeout);
                if let Err(error) = look(&done, &mut told, tell) {
                    stop.set(error);
                    is_stopped.store(true, Ordering::Relaxed);
                }
                if is_over {
                    break worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                }
            }
        })
    });
    // What was raised at the last moment counts too.
    if let Some(error) = stop.taken() {
        return Err(error);
    }
    outcome.map_err(|problems| Failure::from(problems).raise(py))
}

/// Hears Ctrl-C, and tells Python when more is done.
fn look(done: &AtomicUsize, told: &mut usize, tell: Option<&Py<PyAny>>) -> PyResult<()> {
    let count = done.load(Ordering::Relaxed);
    Python::attach(|py| {
        py.check_signals()?;
        if let Some(tell) = tell.filter(|_| count > *told) {
            *told = count;
            tell.call1(py, (count,))?;
        }
        Ok(())
    })
}
