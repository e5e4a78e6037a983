//! Progress of long work: how much is done, how fast, and how long it will take. On a terminal only.

use crate::output::Out;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on the standard error.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Work of `total` things, such as rows.
    pub(crate) fn of(out: &Out, what: &'static str, total: u64, things: &str) -> Progress {
        let template = format!("{{msg:22}} {{bar:30}} {{percent:>3}} %  {{per_sec}} {things}, {{eta}} left");
        Progress::begin(out, what, total, &template)
    }

    /// Work on a file of `total` bytes.
    pub(crate) fn of_bytes(out: &Out, what: &'static str, total: u64) -> Progress {
        Progress::begin(out, what, total, "{msg:22} {bar:30} {percent:>3} %  {bytes_per_sec}, {eta} left")
    }

    fn begin(out: &Out, what: &'static str, total: u64, template: &str) -> Progress {
        let target =
            if out.is_watched() { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(total), target);
        // The template is ours; a wrong one would only look plain.
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
        bar.set_message(what);
        Progress { bar }
    }

    /// So much more is done.
    pub(crate) fn advance(&self, by: u64) {
        self.bar.inc(by);
    }

    /// A reader that advances the bar.
    pub(crate) fn reading<R: std::io::Read>(&self, reader: R) -> indicatif::ProgressBarIter<R> {
        self.bar.wrap_read(reader)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
