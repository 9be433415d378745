//! Shows progress on stderr: a bar on a terminal, plain lines elsewhere.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use model::UnitStatus;
use pipeline::{Event, Progress, PublishEvent, Silent};

use crate::args::Output;
use crate::out;

/// A listener for this terminal or log; none for programs, which read problems there.
pub(crate) fn listener(output: Output) -> Arc<dyn Progress> {
    if output == Output::Json {
        Arc::new(Silent)
    } else if std::io::stderr().is_terminal() {
        Arc::new(Bar(ProgressBar::no_length()))
    } else {
        Arc::new(Lines)
    }
}

struct Lines;

impl Progress for Lines {
    fn event(&self, event: &Event<'_>) {
        match event {
            Event::Stage { name, units: 0 } => out::tell(name),
            Event::Stage { name, units } => out::tell(format_args!("{name} ({units} units)")),
            Event::Ended { id, status, reason } => out::tell(ended(&id.0, *status, reason)),
            Event::Note(text) => out::tell(format_args!("  note: {text}")),
            Event::Publishing(event) => out::tell(publishing(event)),
            _ => {}
        }
    }
}

struct Bar(ProgressBar);

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
                    self.0.set_style(style.progress_chars("=> "));
                }
                self.0.set_length(*units as u64);
                self.0.set_position(0);
                self.0.set_prefix((*name).to_owned());
                self.0.set_message("");
                self.0.enable_steady_tick(Duration::from_millis(120));
            }
            Event::Started(id) => self.0.set_message(id.0.clone()),
            Event::Ended { id, status, reason } => {
                self.0.inc(1);
                if *status != UnitStatus::Built {
                    self.0.suspend(|| out::tell(ended(&id.0, *status, reason)));
                }
            }
            Event::Note(text) => self.0.suspend(|| out::tell(format_args!("  note: {text}"))),
            Event::Publishing(event) => {
                if let PublishEvent::Writing { items, .. } = event {
                    self.0.set_length(*items as u64);
                    self.0.set_position(0);
                }
                self.0.inc(u64::from(matches!(event, PublishEvent::Written { .. })));
                self.0.set_message(publishing(event));
            }
            _ => {}
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
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

fn ended(id: &str, status: UnitStatus, reason: &str) -> String {
    match status {
        UnitStatus::Built => format!("  built {id}"),
        UnitStatus::NotBuilt => format!("  not built here: {id}: {reason}"),
        UnitStatus::Failed => format!("  failed: {id}: {reason}"),
    }
}
