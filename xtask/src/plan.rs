//! Named steps that may build on each other, run one by one and summed up in a table.
//!
//! Every step runs, whatever became of the others, so that one run shows every failure. The
//! exception is a step whose prerequisite failed: it could not tell anything, and counts as failed.

use std::fmt::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

/// Steps in the order in which they run.
#[derive(Default)]
pub(crate) struct Plan<'a> {
    steps: Vec<Step<'a>>,
}

/// Names a step that was added to a [`Plan`], for others to build on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StepId(usize);

struct Step<'a> {
    name: String,
    needs: Vec<StepId>,
    action: Box<dyn FnOnce() -> Result<()> + 'a>,
}

impl<'a> Plan<'a> {
    /// Adds a step that runs after all that were added before, provided that those it `needs`
    /// succeeded.
    pub(crate) fn add(
        &mut self,
        name: impl Into<String>,
        needs: &[StepId],
        action: impl FnOnce() -> Result<()> + 'a,
    ) -> StepId {
        self.steps.push(Step { name: name.into(), needs: needs.to_vec(), action: Box::new(action) });
        StepId(self.steps.len() - 1)
    }

    /// Runs the steps and prints the summary.
    pub(crate) fn run(self) -> ExitCode {
        let report = self.execute();
        println!("\n{}", report.table());
        if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn execute(self) -> Report {
        let mut results: Vec<StepResult> = Vec::new();
        for step in self.steps {
            let unmet = step
                .needs
                .iter()
                .map(|need| &results[need.0])
                .find(|result| result.outcome != Outcome::Passed)
                .map(|result| result.name.clone());
            let started = Instant::now();
            let outcome = match unmet {
                Some(prerequisite) => Outcome::Blocked(prerequisite),
                None => {
                    println!("\n==> {}", step.name);
                    match (step.action)() {
                        Ok(()) => Outcome::Passed,
                        Err(error) => {
                            eprintln!("error: {error:#}");
                            Outcome::Failed
                        }
                    }
                }
            };
            results.push(StepResult { name: step.name, outcome, time: started.elapsed() });
        }
        Report { results }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    /// Could not run, because the named step failed.
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

    /// The table, and the line with the counts that tools look for, alone and last.
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
    use std::cell::RefCell;

    use anyhow::bail;

    use super::*;

    #[test]
    fn a_failure_stops_only_what_builds_on_it() {
        let ran = RefCell::new(Vec::new());
        let mut plan = Plan::default();
        let tools = plan.add("tools", &[], || bail!("no tools"));
        let build = plan.add("build", &[tools], || {
            ran.borrow_mut().push("build");
            Ok(())
        });
        plan.add("journeys", &[build], || {
            ran.borrow_mut().push("journeys");
            Ok(())
        });
        plan.add("unit", &[], || {
            ran.borrow_mut().push("unit");
            Ok(())
        });
        let report = plan.execute();

        assert_eq!(*ran.borrow(), ["unit"]);
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
    fn all_well_is_no_failure() {
        let mut plan = Plan::default();
        let tools = plan.add("tools", &[], || Ok(()));
        plan.add("journeys", &[tools], || Ok(()));
        let report = plan.execute();

        assert_eq!(report.failed(), 0);
        assert!(report.table().ends_with("\n2 passed, 0 failed"));
    }
}
