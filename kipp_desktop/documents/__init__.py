"""Documents: the page that is printed or signed, the spreadsheet that is handed out.

The only room that says reportlab, pyHanko and XlsxWriter. Importing its modules takes half a
second: tasks import them when they need them, never at start.
"""
