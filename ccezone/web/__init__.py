"""The site: server-rendered pages for the public, firms and the office. They work without scripts; htmx renews parts."""
