# Records and replays with R's vcr over webmockr; crul makes the calls.
# Speaks the protocol of tests/recorders/judge.py on standard input and output.

suppressPackageStartupMessages({
  library(jsonlite)
  library(crul)
  library(vcr)
})

answer <- function(call) {
  tryCatch({
    headers <- list()
    for (pair in call$headers) headers[[pair[[1]]]] <- pair[[2]]
    connection <- HttpClient$new(call$url, headers = headers)
    method <- tolower(call$method)
    body <- if (is.null(call$body)) NULL else rawToChar(base64_dec(call$body))
    got <- if (is.null(body)) connection$verb(method) else connection$verb(method, body = body)
    content <- if (is.null(got$content)) raw(0) else got$content
    if (is.character(content)) content <- charToRaw(content)
    named <- got$response_headers
    pairs <- list()
    for (name in names(named)) {
      # webmockr joins the values of a name, by a comma without a space.
      values <- strsplit(paste(named[[name]], collapse = ","), ",(?! )", perl = TRUE)[[1]]
      for (value in values) pairs[[length(pairs) + 1]] <- list(name, value)
    }
    list(
      status = got$status_code,
      reason = "",
      headers = pairs,
      body = base64_enc(content)
    )
  }, error = function(err) list(error = conditionMessage(err)))
}

done <- function(job) {
  tryCatch({
    vcr_configure(dir = dirname(job$cassette), write_disk_path = dirname(job$cassette))
    vcr_configure(serialize_with = if (is.null(job$serializer)) "yaml" else job$serializer)
    answers <- list()
    suppressMessages(use_cassette(
      sub("[.][^.]*$", "", basename(job$cassette)),
      for (call in job$calls) answers[[length(answers) + 1]] <- answer(call),
      record = if (job$do == "record") "all" else "none",
      match_requests_on = c("method", "uri", if (isTRUE(job$strict)) "body"),
      preserve_exact_body_bytes = isTRUE(job$exact_bytes)
    ))
    list(answers = answers)
  }, error = function(err) list(error = conditionMessage(err)))
}

say <- function(what) {
  cat(toJSON(what, auto_unbox = TRUE, null = "null"), "\n", sep = "")
  flush(stdout())
}

say(list(version = paste("R vcr", packageVersion("vcr"))))
lines <- file("stdin", "r")
while (length(line <- readLines(lines, n = 1)) > 0) say(done(fromJSON(line, simplifyVector = FALSE)))
