//! `cargo xtask test`: runs all tests and prints one summary.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::build;
use crate::cli::{Suite, TestSelection};
use crate::dist::{self, Deployment};
use crate::plan::{Lane, Plan, StepId};
use crate::process;
use crate::setup::{self, Need, NeedSteps, cargo_tools, chromium, firefox, headless_shell, web_servers};
use crate::size;
use crate::workspace::{CONSOLE_PACKAGE, Profile, WASM_TARGET, Workspace};

/// A long time limit for the wasm tests: a browser on a busy machine may take long to respond.
const BROWSER_TEST_SECONDS: &str = "300";

/// The lanes run in parallel, between the native tests, which keep all processors busy while they compile, and the
/// journeys, which do so throughout: the tests in these lanes spend much of their time waiting, and one browser page,
/// like much of a release build, keeps one processor busy.
const SERVER_LANE: Lane = Lane("server");
const CHROMIUM_LANE: Lane = Lane("components in Chromium");
const FIREFOX_LANE: Lane = Lane("components in Firefox");
const CONSOLE_LANE: Lane = Lane("console");

/// The variables by which the runner of the wasm tests chooses a browser; if several are set, in its own order.
const DRIVER_VARIABLES: [&str; 8] = [
    "GECKODRIVER_REMOTE",
    "SAFARIDRIVER_REMOTE",
    "CHROMEDRIVER_REMOTE",
    "MSEDGEDRIVER_REMOTE",
    "GECKODRIVER",
    "SAFARIDRIVER",
    "CHROMEDRIVER",
    "MSEDGEDRIVER",
];

pub(crate) fn run(workspace: &Workspace, selection: &TestSelection) -> Result<ExitCode> {
    let mut plan = Plan::default();
    let needed: Vec<Need> = selection.suites.iter().flat_map(|suite| needs_of(*suite)).collect();
    let needs = NeedSteps::add(&mut plan, workspace, &needed);
    let args = selection.runner_args.as_slice();

    for &suite in &selection.suites {
        let prerequisites = needs.of(&needs_of(suite));
        match suite {
            Suite::Native => {
                plan.add(suite.name(), &prerequisites, || native(workspace, args));
            }
            Suite::Server => {
                plan.add_in(SERVER_LANE, suite.name(), &prerequisites, || server(workspace, args));
            }
            Suite::Wasm => {
                plan.add_in(CHROMIUM_LANE, suite.name(), &prerequisites, || {
                    wasm_in_chromium(workspace, args)
                });
            }
            Suite::WasmFirefox => {
                plan.add_in(FIREFOX_LANE, suite.name(), &prerequisites, || wasm_in_firefox(workspace, args));
            }
            Suite::E2e => add_e2e(&mut plan, workspace, args, &prerequisites),
        }
    }
    Ok(plan.run())
}

fn needs_of(suite: Suite) -> Vec<Need> {
    match suite {
        Suite::Native => Vec::new(),
        Suite::Server => vec![Need::Nginx],
        Suite::Wasm => vec![Need::WasmTarget, Need::WasmBindgen, Need::Chromium],
        Suite::WasmFirefox => {
            vec![Need::WasmTarget, Need::WasmBindgen, Need::Firefox, Need::Geckodriver]
        }
        Suite::E2e => {
            let mut needs = setup::TO_BUILD.to_vec();
            needs.extend([Need::Chromium, Need::HeadlessShell, Need::WebServers]);
            needs
        }
    }
}

fn native(workspace: &Workspace, args: &[OsString]) -> Result<()> {
    run_tests(workspace.cargo().args(["test", "--package", CONSOLE_PACKAGE, "--package", "xtask"]).args(args))
}

fn server(workspace: &Workspace, args: &[OsString]) -> Result<()> {
    run_tests(build::tested_server(workspace).args(args))
}

fn wasm_in_chromium(workspace: &Workspace, args: &[OsString]) -> Result<()> {
    let browser = chromium::require()?;
    run_tests(wasm(workspace, args).env("CHROMEDRIVER", browser.driver))
}

fn wasm_in_firefox(workspace: &Workspace, args: &[OsString]) -> Result<()> {
    let firefox = firefox::require()?;
    run_tests(
        wasm(workspace, args)
            .env("GECKODRIVER", cargo_tools::require_geckodriver()?)
            // The Firefox that was found, not the one that the driver would look for.
            .env("GECKODRIVER_ARGS", format!("--binary {}", quoted(&firefox)?)),
    )
}

/// Returns the command for component tests in a real browser, with the test runner that comes with wasm-bindgen: in the
/// browser whose driver the caller adds to the environment.
fn wasm(workspace: &Workspace, args: &[OsString]) -> Command {
    let mut command = workspace.cargo_for_console();
    command
        .args(["test", "--package", CONSOLE_PACKAGE, "--target", WASM_TARGET])
        // Only `tests`: doc tests and the library's unit tests have run with the native tests, and the runner does not
        // support the former.
        .args(["--test", "*"])
        .args(args)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("WASM_BINDGEN_TEST_TIMEOUT", BROWSER_TEST_SECONDS);
    for variable in DRIVER_VARIABLES {
        command.env_remove(variable);
    }
    command
}

/// Quotes a path as one shell word, because the runner splits the arguments for a driver like a shell.
fn quoted(path: &Path) -> Result<String> {
    let text = path.to_str().with_context(|| format!("{} is not UTF-8", path.display()))?;
    Ok(format!("'{}'", text.replace('\'', r"'\''")))
}

/// Runs `cargo test`. Fails if no test ran: Cargo counts that as success, and a mistake in a `cfg` would remove all
/// tests unnoticed.
fn run_tests(command: &mut Command) -> Result<()> {
    let output = process::run_and_read(command)?;
    if passed(&output) == 0 {
        bail!("no test ran");
    }
    Ok(())
}

/// Returns the number of tests that passed, summed over the last line of each test program:
/// `test result: ok. 26 passed; 0 failed; …`.
fn passed(output: &str) -> u32 {
    output
        .lines()
        .filter_map(|line| {
            let (count, _) = line.trim().strip_prefix("test result: ")?.split_once(" passed")?;
            count.split_whitespace().last()?.parse::<u32>().ok()
        })
        .sum()
}

/// Makes the distributions that the tests serve with real web servers: at the root, and below a path.
fn dist_for_tests(workspace: &Workspace) -> Result<()> {
    let folder = workspace.distributions_for_tests();
    for (name, path) in [("root", "/"), ("sub-path", "/console/")] {
        let deployment = Deployment { path: path.parse()?, ..Deployment::default() };
        dist::make(workspace, &deployment, &folder.join(name))?;
    }
    Ok(())
}

/// Adds the journeys with their builds. The console is built as it is deployed, and distributed for the root and for a
/// sub-path. The server is the one that was compiled with its own tests: compiling it again, optimised, takes far
/// longer than it saves.
fn add_e2e<'a>(
    plan: &mut Plan<'a>,
    workspace: &'a Workspace,
    args: &'a [OsString],
    prerequisites: &[StepId],
) {
    let console = plan.add_in(CONSOLE_LANE, "build: console", prerequisites, || build::console(workspace));
    let dist = plan.add_in(CONSOLE_LANE, "dist: for tests", &[console], || dist_for_tests(workspace));
    plan.add_in(CONSOLE_LANE, "size of a first visit", &[console], || size::check(workspace));
    let server = plan.add("build: server", &[], || build::server(workspace, Profile::Dev));

    let mut built = prerequisites.to_vec();
    built.extend([dist, server]);
    plan.add(Suite::E2e.name(), &built, move || {
        let browser = chromium::require()?;
        process::run(
            workspace
                .web_tool("playwright")
                .args(["test", "--config", "tests/e2e/playwright.config.ts"])
                .args(args)
                .env("CHROMIUM", browser.chromium)
                .env(headless_shell::VARIABLE, headless_shell::require()?)
                .envs(web_servers::require()?)
                .env("CREDMGR_SERVER", workspace.server_program(Profile::Dev))
                .env("CREDMGR_DIST", workspace.dist())
                .env("CREDMGR_DISTRIBUTIONS", workspace.distributions_for_tests()),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_over_all_programs() {
        let output = "\
running 26 tests
test a ... ok

test result: ok. 26 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s

test result: ok. 3 passed; 0 failed; 1 ignored; 0 filtered out; finished in 1.2s
";
        assert_eq!(passed(output), 29);
    }

    #[test]
    fn the_tests_of_the_server_need_no_modules_of_nginx() {
        assert_eq!(needs_of(Suite::Server), [Need::Nginx]);
        assert!(needs_of(Suite::E2e).contains(&Need::WebServers));
    }

    #[test]
    fn a_path_is_one_word() {
        assert_eq!(quoted(Path::new("/opt/my firefox")).unwrap(), "'/opt/my firefox'");
        assert_eq!(quoted(Path::new("/opt/it's")).unwrap(), r"'/opt/it'\''s'");
    }

    #[test]
    fn no_tests_are_none() {
        let output = "no tests to run!\ntest result: ok. 0 passed; 0 failed; 0 ignored\n";
        assert_eq!(passed(output), 0);
        assert_eq!(passed(""), 0);
    }
}
