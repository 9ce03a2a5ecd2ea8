//! The gateway's pages as a user without JavaScript sees them: forms, fields, buttons.

use super::Answer;

/// A page that was shown.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) url: String,
    pub(crate) answer: Answer,
}

/// A form of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) action: String,
    /// Hidden fields with their values.
    pub(crate) hidden: Vec<(String, String)>,
}

impl Page {
    /// Whether the page has an element with this id.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.answer.text.contains(&format!("id=\"{id}\""))
    }

    /// The text of the element with this id, its tags taken out.
    pub(crate) fn text_of(&self, id: &str) -> String {
        let html = &self.answer.text;
        let at = html.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no #{id}: {html}"));
        let rest = &html[at..];
        let rest = &rest[rest.find('>').unwrap() + 1..];
        let end = ["</p>", "</dd>", "</ul>"].iter().filter_map(|tag| rest.find(tag)).min();
        let mut text = String::new();
        let mut inside_tag = false;
        for c in rest[..end.unwrap_or(rest.len())].chars() {
            match c {
                '<' => inside_tag = true,
                '>' => inside_tag = false,
                c if !inside_tag => text.push(c),
                _ => {}
            }
        }
        text
    }

    /// The first form with this id, or with a button of this id.
    pub(crate) fn form(&self, id: &str) -> Form {
        let wanted = format!("id=\"{id}\"");
        let forms = self.answer.text.split("<form").skip(1);
        let form = forms
            .map(|rest| rest.split("</form>").next().unwrap())
            .find(|form| form.contains(&wanted))
            .unwrap_or_else(|| panic!("no form #{id} at {}: {}", self.url, self.answer.text));
        let hidden = form.split("<input").skip(1).map(|input| input.split('>').next().unwrap());
        let hidden = hidden.filter(|input| attribute(input, "type") == "hidden");
        Form {
            action: attribute(form.split('>').next().unwrap(), "action"),
            hidden: hidden
                .map(|input| (attribute(input, "name"), attribute(input, "value")))
                .collect(),
        }
    }
}

fn attribute(tag: &str, name: &str) -> String {
    let start = format!(" {name}=\"");
    let value = tag.split_once(&start).map_or("", |(_, rest)| rest.split('"').next().unwrap());
    let characters = [("&#38;", "&"), ("&amp;", "&"), ("&#34;", "\""), ("&#60;", "<")];
    characters.iter().fold(value.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}
