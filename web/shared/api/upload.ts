import { OfflineError, readProblem } from "./problem";

/** Posts a form and tells how much of it has left, from 0 to 1; fetch cannot say it. */
export async function upload<T>(url: string, form: FormData, onprogress: (share: number) => void): Promise<T> {
  const response = await new Promise<Response>((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open("POST", url);
    sending.setRequestHeader("accept", "application/json");
    sending.upload.addEventListener("progress", (event) => { if (event.lengthComputable) onprogress(event.loaded / event.total); });
    sending.addEventListener("load", () => {
      const type = sending.getResponseHeader("content-type") ?? "application/json";
      resolve(new Response(sending.responseText || null, { status: sending.status, headers: { "content-type": type } }));
    });
    sending.addEventListener("error", () => reject(new OfflineError("no answer from the server")));
    sending.send(form);
  });
  if (!response.ok) throw await readProblem(response);
  return (await response.json()) as T;
}
