//! HTML without a template engine: two pages need none.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

/// `text` with everything that means something in HTML replaced.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A whole page. `title` is text; `body` is HTML whose parts were escaped.
pub(super) fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let title = escape(title);
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} - Cronofy sandbox</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <p class=\"banner\">Sandbox: this is not Cronofy. Every account here is invented.</p>\n\
         <main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    );
    let mut response = Response::new(html.into());
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Works from the width of a phone upwards, in light and in dark; focus is always visible.
pub(super) const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c2430;--paper:#f6f7f9;--card:#fff;--line:#c3cad5;--accent:#0b5fcc;--soft:#4d596b}\
@media(prefers-color-scheme:dark){:root{--ink:#e8ecf2;--paper:#12161c;--card:#1b212a;--line:#465163;--accent:#7ab3ff;--soft:#a9b4c4}}\
*{box-sizing:border-box}\
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}\
.banner{margin:0;padding:.6rem 1rem;background:#5b2a86;color:#fff;text-align:center;font-weight:600}\
main{max-width:34rem;margin:1.5rem auto;padding:1.25rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}\
h1{margin:0 0 .5rem;font-size:1.4rem;line-height:1.25}\
code{overflow-wrap:anywhere}\
.warning,.problem{padding:.6rem .8rem;border-left:.3rem solid #b45309;background:#b4530922}\
.problem{border-color:#c81e1e;background:#c81e1e22}\
fieldset{margin:1rem 0;padding:.5rem .9rem;border:1px solid var(--line);border-radius:.5rem;min-width:0}\
legend{padding:0 .3rem;font-weight:600}\
label{display:flex;gap:.7rem;align-items:flex-start;padding:.5rem 0;min-height:2.75rem;cursor:pointer}\
label input{margin-top:.35rem;accent-color:var(--accent)}\
label span{min-width:0;overflow-wrap:anywhere}\
small{display:block;color:var(--soft)}\
nav{display:flex;flex-wrap:wrap;gap:.5rem;margin:1rem 0}\
nav a{padding:.5rem .8rem;border:1px solid var(--line);border-radius:2rem;color:var(--accent);text-decoration:none}\
nav a[aria-current]{background:var(--accent);border-color:var(--accent);color:var(--card)}\
.actions{display:flex;flex-wrap:wrap;gap:.75rem}\
button{flex:1 1 9rem;min-height:2.75rem;padding:.5rem 1rem;border-radius:.5rem;border:1px solid var(--accent);font:inherit;font-weight:600;cursor:pointer;background:transparent;color:var(--accent)}\
button.allow{background:#0b5fcc;border-color:#0b5fcc;color:#fff}\
:focus-visible{outline:.2rem solid var(--accent);outline-offset:.15rem}";

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_that_means_something_is_left() {
        assert_eq!(escape("<a href=\"x\" b='y'>&"), "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;");
    }
}
