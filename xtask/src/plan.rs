//! Named steps that may depend on each other, summarised in a table.
//!
//! Every step runs, regardless of the results of others, so that one run shows every failure. The exception is a step
//! whose prerequisite failed: its result would mean nothing, so it counts as failed.
//!
//! Steps run one by one, except those in lanes, which run in parallel.

use std::fmt::Write;
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::output;

/// Steps in the order in which they run.
#[derive(Default)]
pub(crate) struct Plan<'a> {
    steps: Vec<Step<'a>>,
}

/// A handle of a step in a [`Plan`], for others to depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StepId(usize);

/// A sequence of steps. The steps of a lane run in order; lanes whose steps were added without one outside of lanes in
/// between run in parallel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lane(pub(crate) &'static str);

struct Step<'a> {
    name: String,
    lane: Option<Lane>,
    needs: Vec<StepId>,
    action: Box<dyn FnOnce() -> Result<()> + Send + 'a>,
}

impl<'a> Plan<'a> {
    /// Adds a step that runs after all steps added before, provided that those it `needs` succeeded.
    pub(crate) fn add(
        &mut self,
        name: impl Into<String>,
        needs: &[StepId],
        action: impl FnOnce() -> Result<()> + Send + 'a,
    ) -> StepId {
        self.push(None, name, needs, action)
    }

    /// Adds a step that runs after the earlier ones of its lane, in parallel to other lanes.
    ///
    /// The output of each step that runs in parallel to others is shown when the step is over.
    ///
    /// # Panics
    /// If the step needs one of a parallel lane, which it would not wait for.
    pub(crate) fn add_in(
        &mut self,
        lane: Lane,
        name: impl Into<String>,
        needs: &[StepId],
        action: impl FnOnce() -> Result<()> + Send + 'a,
    ) -> StepId {
        let side_by_side = self.steps.iter().rposition(|step| step.lane.is_none()).map_or(0, |last| last + 1);
        for need in needs {
            let is_over = need.0 < side_by_side || self.steps[need.0].lane == Some(lane);
            assert!(is_over, "{} is in a lane beside {lane:?}", self.steps[need.0].name);
        }
        self.push(Some(lane), name, needs, action)
    }

    fn push(
        &mut self,
        lane: Option<Lane>,
        name: impl Into<String>,
        needs: &[StepId],
        action: impl FnOnce() -> Result<()> + Send + 'a,
    ) -> StepId {
        let action = Box::new(action);
        self.steps.push(Step { name: name.into(), lane, needs: needs.to_vec(), action });
        StepId(self.steps.len() - 1)
    }

    /// Runs the steps and prints the summary.
    pub(crate) fn run(self) -> ExitCode {
        let report = self.execute();
        println!("\n{}", report.table());
        if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn execute(self) -> Report {
        let results = Results::of(self.steps.len());
        let mut steps = self.steps.into_iter().enumerate().peekable();
        while let Some((number, step)) = steps.next() {
            if step.lane.is_none() {
                step.run(number, &results, Shown::AtOnce);
                continue;
            }
            let mut lanes = vec![vec![(number, step)]];
            while let Some(next) = steps.next_if(|(_, step)| step.lane.is_some()) {
                match lanes.iter_mut().find(|lane| lane[0].1.lane == next.1.lane) {
                    Some(lane) => lane.push(next),
                    None => lanes.push(vec![next]),
                }
            }
            side_by_side(lanes, &results);
        }
        Report { results: results.all() }
    }
}

/// Runs each lane in its own thread, and waits for all of them.
fn side_by_side(lanes: Vec<Vec<(usize, Step<'_>)>>, results: &Results) {
    let shown = if lanes.len() == 1 { Shown::AtOnce } else { Shown::WhenOver };
    if shown == Shown::WhenOver {
        let names: Vec<_> = lanes.iter().flatten().map(|(_, step)| step.name.as_str()).collect();
        println!("\n==> side by side: {}", names.join(", "));
    }
    thread::scope(|scope| {
        for lane in lanes {
            scope.spawn(move || {
                for (number, step) in lane {
                    step.run(number, results, shown);
                }
            });
        }
    });
}

/// When the output of a step is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    AtOnce,
    WhenOver,
}

/// The result of each step so far. Lanes share it, and each writes the results of its own steps.
struct Results(Mutex<Vec<Option<StepResult>>>);

impl Results {
    fn of(steps: usize) -> Self {
        Self(Mutex::new((0..steps).map(|_| None).collect()))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Option<StepResult>>> {
        self.0.lock().expect("nobody panics while writing a result")
    }

    /// Returns the name of the first of these steps that did not pass.
    fn unmet(&self, needs: &[StepId]) -> Option<String> {
        let results = self.lock();
        needs
            .iter()
            .filter_map(|need| results[need.0].as_ref())
            .find(|result| result.outcome != Outcome::Passed)
            .map(|result| result.name.clone())
    }

    fn all(self) -> Vec<StepResult> {
        std::mem::take(&mut *self.lock()).into_iter().flatten().collect()
    }
}

impl Step<'_> {
    fn run(self, number: usize, results: &Results, shown: Shown) {
        let started = Instant::now();
        let outcome = match results.unmet(&self.needs) {
            Some(prerequisite) => Outcome::Blocked(prerequisite),
            None => match show(&self.name, self.action, shown) {
                Ok(()) => Outcome::Passed,
                Err(()) => Outcome::Failed,
            },
        };
        let result = StepResult { name: self.name, outcome, time: started.elapsed() };
        results.lock()[number] = Some(result);
    }
}

/// Prints the name of a step, its output, and why it failed.
fn show(name: &str, action: impl FnOnce() -> Result<()>, shown: Shown) -> Result<(), ()> {
    let action = || action().map_err(|error| output::say(format_args!("error: {error:#}")));
    match shown {
        Shown::AtOnce => {
            println!("\n==> {name}");
            action()
        }
        Shown::WhenOver => match output::keep(action) {
            Ok((result, printed)) => {
                // In one piece, whatever other steps print.
                println!("\n==> {name}\n{}", printed.trim_end());
                result
            }
            Err(error) => {
                println!("\n==> {name}\nerror: {error:#}");
                Err(())
            }
        },
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    /// The step could not run, because the named step failed.
    Blocked(String),
}

struct StepResult {
    name: String,
    outcome: Outcome,
    time: Duration,
}

struct Report {
    results: Vec<StepResult>,
}

impl Report {
    fn failed(&self) -> usize {
        self.results.iter().filter(|result| result.outcome != Outcome::Passed).count()
    }

    /// Returns the table and, as its last line and by itself, the counts that tools look for.
    fn table(&self) -> String {
        let width = self.results.iter().map(|result| result.name.len()).max().unwrap_or(0);
        let mut table = format!("{:width$}  {:6}  {:>9}\n", "step", "result", "time");
        for result in &self.results {
            let (word, because) = match &result.outcome {
                Outcome::Passed => ("passed", String::new()),
                Outcome::Failed => ("failed", String::new()),
                Outcome::Blocked(by) => ("failed", format!("  needs: {by}")),
            };
            let seconds = result.time.as_secs_f64();
            writeln!(table, "{:width$}  {word:6}  {seconds:>7.1} s{because}", result.name)
                .expect("writing to a string cannot fail");
        }
        let failed = self.failed();
        let passed = self.results.len() - failed;
        write!(table, "\n{passed} passed, {failed} failed").expect("writing to a string cannot fail");
        table
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use anyhow::bail;

    use super::*;

    #[test]
    fn a_failure_stops_only_what_builds_on_it() {
        let ran = Mutex::new(Vec::new());
        let mut plan = Plan::default();
        let tools = plan.add("tools", &[], || bail!("no tools"));
        let build = plan.add("build", &[tools], || {
            ran.lock().unwrap().push("build");
            Ok(())
        });
        plan.add("journeys", &[build], || {
            ran.lock().unwrap().push("journeys");
            Ok(())
        });
        plan.add("unit", &[], || {
            ran.lock().unwrap().push("unit");
            Ok(())
        });
        let report = plan.execute();

        assert_eq!(*ran.lock().unwrap(), ["unit"]);
        let outcomes: Vec<_> = report.results.iter().map(|result| &result.outcome).collect();
        assert_eq!(
            outcomes,
            [
                &Outcome::Failed,
                &Outcome::Blocked("tools".into()),
                &Outcome::Blocked("build".into()),
                &Outcome::Passed
            ]
        );
    }

    #[test]
    fn what_could_not_run_counts_as_failed() {
        let mut plan = Plan::default();
        let tools = plan.add("tools", &[], || bail!("no tools"));
        plan.add("journeys", &[tools], || Ok(()));
        plan.add("unit", &[], || Ok(()));
        let table = plan.execute().table();

        assert!(table.ends_with("\n1 passed, 2 failed"), "{table}");
        assert!(table.contains("needs: tools"), "{table}");
    }

    #[test]
    fn lanes_go_side_by_side_and_the_rest_waits_for_them() {
        let ran = &Mutex::new(Vec::new());
        let (tell, told) = channel();
        let mut plan = Plan::default();
        let first = plan.add("first", &[], || Ok(()));
        // Ends only if the step of the other lane runs at the same time.
        let waits = plan.add_in(Lane("a"), "waits", &[first], move || {
            ran.lock().unwrap().push(told.recv()?);
            Ok(())
        });
        plan.add_in(Lane("b"), "tells", &[first], move || Ok(tell.send("told")?));
        plan.add_in(Lane("a"), "after it", &[waits], || {
            ran.lock().unwrap().push("after it");
            Ok(())
        });
        plan.add("last", &[waits], || {
            ran.lock().unwrap().push("last");
            Ok(())
        });
        let report = plan.execute();

        assert_eq!(*ran.lock().unwrap(), ["told", "after it", "last"]);
        assert_eq!(report.failed(), 0);
        let names: Vec<_> = report.results.iter().map(|result| result.name.as_str()).collect();
        assert_eq!(
            names,
            ["first", "waits", "tells", "after it", "last"],
            "in the order in which they were added"
        );
    }

    #[test]
    fn a_failure_in_a_lane_stops_only_what_builds_on_it() {
        let mut plan = Plan::default();
        let build = plan.add_in(Lane("a"), "build", &[], || bail!("no"));
        plan.add_in(Lane("b"), "beside it", &[], || Ok(()));
        plan.add_in(Lane("a"), "on it", &[build], || Ok(()));
        plan.add_in(Lane("a"), "after it", &[], || Ok(()));
        plan.add("journeys", &[build], || Ok(()));
        let outcomes: Vec<_> = plan.execute().results.into_iter().map(|result| result.outcome).collect();
        let blocked = || Outcome::Blocked("build".into());
        assert_eq!(outcomes, [Outcome::Failed, Outcome::Passed, blocked(), Outcome::Passed, blocked()]);
    }

    #[test]
    #[should_panic(expected = "build is in a lane beside")]
    fn nobody_waits_for_the_lane_beside() {
        let mut plan = Plan::default();
        let build = plan.add_in(Lane("a"), "build", &[], || Ok(()));
        plan.add_in(Lane("b"), "journeys", &[build], || Ok(()));
    }

    #[test]
    fn all_well_is_no_failure() {
        let mut plan = Plan::default();
        let tools = plan.add("tools", &[], || Ok(()));
        plan.add("journeys", &[tools], || Ok(()));
        let report = plan.execute();

        assert_eq!(report.failed(), 0);
        assert!(report.table().ends_with("\n2 passed, 0 failed"));
    }
}
