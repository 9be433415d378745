//! Shows progress on stderr: a bar on a terminal, plain lines elsewhere.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use model::{Severity, UnitStatus};
use pipeline::{Endings, Event, Progress, PublishEvent, Silent};

use crate::args::{Output, Telling};
use crate::{out, print};

/// A listener for this terminal or log; none for programs, which read problems there, and for
/// people who want to hear of problems alone.
pub(crate) fn listener(output: Output, telling: Telling) -> Arc<dyn Progress> {
    if output == Output::Json {
        Arc::new(Silent)
    } else if telling.quiet {
        Arc::new(Errors)
    } else if std::io::stderr().is_terminal() && !telling.verbose {
        Arc::new(Bar { bar: ProgressBar::no_length(), endings: Endings::default() })
    } else {
        Arc::new(Lines { verbose: telling.verbose, endings: Endings::default() })
    }
}

struct Errors;

impl Progress for Errors {
    fn event(&self, event: &Event<'_>) {
        if let Event::Problem(problem) = event
            && problem.severity == Severity::Error
        {
            print::problem(problem);
        }
    }
}

struct Lines {
    /// Whether commands and all that they print are shown.
    verbose: bool,
    endings: Endings,
}

impl Progress for Lines {
    fn event(&self, event: &Event<'_>) {
        match event {
            Event::Stage { name, units: 0 } => out::tell(name),
            Event::Stage { name, units } => out::tell(format_args!("{name} ({})", counted(*units))),
            Event::Ended { id, status, reason } => {
                self.endings.line(id, *status, reason).iter().for_each(out::tell);
            }
            Event::Note(text) => out::tell(note(text)),
            Event::Problem(problem) => print::problem(problem),
            Event::Command(line) if self.verbose => out::tell(format_args!("  $ {line}")),
            Event::Said(line) if self.verbose => out::tell(format_args!("  | {line}")),
            Event::Publishing(event) => out::tell(publishing(event)),
            _ => {}
        }
    }
}

struct Bar {
    bar: ProgressBar,
    endings: Endings,
}

impl Progress for Bar {
    fn event(&self, event: &Event<'_>) {
        match event {
            Event::Stage { name, units } => {
                let template = if *units == 0 {
                    "{spinner} {prefix} {wide_msg}"
                } else {
                    "{spinner} {prefix} [{bar:24}] {pos}/{len} {wide_msg}"
                };
                if let Ok(style) = ProgressStyle::with_template(template) {
                    self.bar.set_style(style.progress_chars("=> "));
                }
                self.bar.set_length(*units as u64);
                self.bar.set_position(0);
                self.bar.set_prefix((*name).to_owned());
                self.bar.set_message("");
                self.bar.enable_steady_tick(Duration::from_millis(120));
            }
            Event::Started(id) => self.bar.set_message(id.0.clone()),
            Event::Ended { id, status, reason } => {
                self.bar.inc(1);
                let line = self.endings.line(id, *status, reason);
                if let Some(line) = line.filter(|_| *status != UnitStatus::Built) {
                    self.bar.suspend(|| out::tell(line));
                }
            }
            Event::Problem(problem) => self.bar.suspend(|| print::problem(problem)),
            Event::Note(text) => self.bar.suspend(|| out::tell(note(text))),
            Event::Publishing(event) => {
                if let PublishEvent::Writing { items, .. } = event {
                    self.bar.set_length(*items as u64);
                    self.bar.set_position(0);
                }
                self.bar.inc(u64::from(matches!(event, PublishEvent::Written { .. })));
                self.bar.set_message(publishing(event));
            }
            _ => {}
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn counted(units: usize) -> String {
    if units == 1 { "1 unit".to_owned() } else { format!("{units} units") }
}

/// Further lines stand below the first.
fn note(text: &str) -> String {
    format!("  note: {}", text.replace('\n', "\n    "))
}

fn publishing(event: &PublishEvent<'_>) -> String {
    match event {
        PublishEvent::Asking { destination, items } => {
            format!("  {destination}: asking about {items} items")
        }
        PublishEvent::Writing { destination, items, bytes } => {
            format!("  {destination}: writing {items} items, {}", HumanBytes(*bytes))
        }
        PublishEvent::Written { item, .. } => format!("  wrote {}", item.name),
    }
}
