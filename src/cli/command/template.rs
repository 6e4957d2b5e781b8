//! `ca-impact template list | show | write`.

use std::io::Write;

use crate::cli::args::{Template, TemplateAction};
use crate::cli::output::{Output, cannot_write};
use crate::cli::{Exit, Failure};
use crate::policy::template::{self, close_names, templates};

pub(in crate::cli) fn run(template: &Template, out: &mut dyn Write) -> Result<Exit, Failure> {
    match &template.action {
        TemplateAction::List => list(out).map_err(|error| Failure::stdout(&error))?,
        TemplateAction::Show { name } => {
            out.write_all(text(name)?.as_bytes()).map_err(|error| Failure::stdout(&error))?;
        }
        TemplateAction::Write { name, file } => {
            let text = text(name)?;
            let mut output = Output::open(file)?;
            output.writer().write_all(text.as_bytes()).map_err(|error| cannot_write(file, &error.to_string()))?;
            output.finish()?;
        }
    }
    Ok(Exit::Done)
}

fn list(out: &mut dyn Write) -> std::io::Result<()> {
    let width = templates().iter().map(|template| template.name.len()).max().unwrap_or(0);
    for template in templates() {
        let note = template.unavailable.map_or_else(String::new, |reason| format!(" [not available: {reason}]"));
        writeln!(out, "{:width$}  {}{note}", template.name, template.title)?;
    }
    Ok(())
}

fn text(name: &str) -> Result<String, Failure> {
    let place = format!("template:{name}");
    let Some(template) = template::find(name) else {
        let close = close_names(name);
        let help = if close.is_empty() {
            "`ca-impact template list` shows all names".to_owned()
        } else {
            format!("did you mean `{}`? `ca-impact template list` shows all names", close.join("`, `"))
        };
        return Err(Failure::usage(&place, "there is no template of this name", &help));
    };
    match (template.json, template.unavailable) {
        (Some(json), _) => Ok(if json.ends_with('\n') { json.to_owned() } else { format!("{json}\n") }),
        (None, reason) => {
            let message = format!("this template is not available: {}", reason.unwrap_or("its content is not known"));
            Err(Failure::usage(&place, &message, "`ca-impact template list` shows which ones are"))
        }
    }
}
