# Records and replays with Ruby's VCR over WebMock; Net::HTTP makes the calls.
# Speaks the protocol of tests/recorders/judge.py on standard input and output.

require "json"
require "net/http"
require "webmock"
require "vcr"

# Keeps cassettes under exactly the names that they are given; VCR's own persister replaces odd characters.
module AsNamed
  def self.[](name)
    File.binread(name).force_encoding("UTF-8") if File.exist?(name)
  end

  def self.[]=(name, content)
    File.binwrite(name, content)
  end

  def self.absolute_path_to_file(name)
    name
  end
end

VCR.configure do |config|
  config.hook_into :webmock
end
VCR.cassette_persisters[:as_named] = AsNamed

def options(job)
  strict = job["strict"] ? [:headers, :body] : []
  {
    record: job["do"] == "record" ? :all : :none,
    serialize_with: (job["serializer"] || "yaml").to_sym,
    match_requests_on: [:method, :uri, *strict],
    preserve_exact_body_bytes: job["exact_bytes"] || false,
  }
end

# The request with exactly the call's headers: Net::HTTP adds some of its own to a new one.
def request_of(call, uri)
  sends = !call["body"].nil?
  request = Net::HTTPGenericRequest.new(
    call["method"], sends, call["method"] != "HEAD", uri.request_uri, { "Accept-Encoding" => "identity" }
  )
  request.initialize_http_header({})
  call["headers"].each { |name, value| request.add_field(name, value) }
  request.body = call["body"].unpack1("m").force_encoding("UTF-8") if sends
  request
end

def answer(call)
  uri = URI.parse(call["url"])
  http = Net::HTTP.new(uri.host, uri.port, nil)
  http.use_ssl = uri.scheme == "https"
  response = http.start { http.request(request_of(call, uri)) }
  headers = response.to_hash.flat_map { |name, values| values.map { |value| [name, value] } }
  {
    status: response.code.to_i,
    reason: response.message || "",
    headers: headers,
    body: [response.body || ""].pack("m0"),
  }
rescue Exception => error # VCR's "unhandled request" is no StandardError in every version
  { error: "#{error.class}: #{error.message.lines.first(12).join(" ")}" }
end

def done(job)
  # VCR adds the serializer's own extension to a cassette's name.
  name = job["cassette"].delete_suffix(File.extname(job["cassette"]))
  answers = VCR.use_cassette(name, **options(job), persist_with: :as_named) do
    job["calls"].map { |call| answer(call) }
  end
  { answers: answers }
rescue Exception => error
  { error: "#{error.class}: #{error.message}" }
end

# A serializer that lacks a gem must be known at once, not at the first job.
ARGV.each { |serializer| VCR.cassette_serializers[serializer.to_sym] }

puts JSON.generate(version: "Ruby VCR #{VCR.version} with WebMock #{WebMock::VERSION}")
$stdout.flush
$stdin.each_line do |line|
  puts JSON.generate(done(JSON.parse(line)))
  $stdout.flush
end
