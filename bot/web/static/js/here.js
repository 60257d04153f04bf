// Says every 20 s that this page is open: while one of hers is, what she holds stays hers.
new Worker("/static/js/here_worker.js");
